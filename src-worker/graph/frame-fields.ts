/** The frame's own settings (contract/experiment.ts) as fields, read from its schema, so that limits and defaults are written once. */
import { z } from 'zod';
import {
  clipSchema,
  dataSchema,
  earlyStoppingSchema,
  experimentSchema,
  headSchema,
  regularizeSchema,
  trainingSchema
} from '../contract/experiment.ts';
import { choice, flag, integer, number, type Field } from '../contract/fields.ts';

/** `nullable`: the setting may be null, which switches it off. */
export type FrameField = Field & { readonly nullable: boolean };
type FrameFields = Readonly<Record<string, FrameField>>;

/** As far as z.toJSONSchema describes what has no parts. */
interface JsonSchema {
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** From here on a range spans orders of magnitude. */
const WIDE = 1e4;

/** The settings of an object schema that are a number, a flag or a choice; what has parts of its own is left out. `defaults`: of the object as a whole. */
function fieldsOf(schema: z.ZodObject, defaults: Readonly<Record<string, unknown>> = {}): FrameFields {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, JsonSchema>;
  };
  const fields = Object.entries(described.properties).flatMap(([name, property]): [string, FrameField][] => {
    const own = property.anyOf?.find(({ type }) => type !== 'null') ?? property;
    const field = fieldOf({ ...own, default: property.default ?? defaults[name] });
    return field ? [[name, { ...field, nullable: own !== property }]] : [];
  });
  return Object.fromEntries(fields);
}

function fieldOf(schema: JsonSchema): Field | null {
  if (schema.enum) return choice(String(schema.default ?? schema.enum[0]), schema.enum, '');
  switch (schema.type) {
    case 'boolean':
      return flag(schema.default === true, '');
    case 'integer':
    case 'number': {
      const make = schema.type === 'integer' ? integer : number;
      const min = schema.minimum ?? schema.exclusiveMinimum ?? -Number.MAX_VALUE;
      const max = schema.maximum ?? schema.exclusiveMaximum ?? Number.MAX_VALUE;
      const exclusive = {
        exclusiveMin: schema.exclusiveMinimum !== undefined,
        exclusiveMax: schema.exclusiveMaximum !== undefined
      };
      const scale = max >= WIDE && max - min >= WIDE ? 'log' : 'linear';
      return make(typeof schema.default === 'number' ? schema.default : 1, '', { min, max, ...exclusive, scale });
    }
    default:
      return null;
  }
}

/** By the path of the object that holds them; those of `training.clip` by its kind. */
export const frameFields = {
  '': fieldsOf(experimentSchema.pick({ seed: true })),
  data: fieldsOf(dataSchema),
  'data.split': fieldsOf(dataSchema.shape.split.unwrap(), dataSchema.parse({ dataset: 'any' }).split),
  training: fieldsOf(trainingSchema.pick({ batchSize: true, epochs: true })),
  'training.heads': fieldsOf(headSchema.pick({ share: true })),
  'training.regularize': fieldsOf(regularizeSchema),
  'training.earlyStopping': fieldsOf(earlyStoppingSchema)
} as const satisfies Readonly<Record<string, FrameFields>>;

/** What gradients may be clipped by, each with its settings. */
export const clipFields: Readonly<Record<string, FrameFields>> = Object.fromEntries(
  clipSchema.options.map((option) => [option.shape.kind.value, fieldsOf(option)])
);
