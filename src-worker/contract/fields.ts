/**
 * Settings of layers, losses, optimizers and initial weights, described once: the description gives the zod schema, the default, the
 * command line's help and the inspector's control.
 */
import { z } from 'zod';

interface Described {
  /** One line of help in English; the page looks the translation up by kind and name. */
  help: string;
  /** It only says something while another setting beside it has this value. */
  when?: readonly [setting: string, value: unknown];
}
export interface NumberField extends Described {
  type: 'number';
  integer: boolean;
  default: number;
  min: number;
  max: number;
  /** The bound itself is not allowed. */
  exclusiveMin: boolean;
  exclusiveMax: boolean;
  /** How a control or a search should move through the range. */
  scale: 'linear' | 'log';
}
export interface FlagField extends Described {
  type: 'flag';
  default: boolean;
}
export interface ChoiceField<T extends string = string> extends Described {
  type: 'choice';
  default: T;
  choices: readonly T[];
}
/** A list of numbers, empty at first. */
export interface NumbersField extends Described {
  type: 'numbers';
  default: readonly number[];
  min: number;
  max: number;
}
/** A thing from another table: its name, or an object with `kind` and settings of its own. */
export interface KindField extends Described {
  type: 'kind';
  default: string;
  table: Readonly<Record<string, { config: Fields }>>;
}
export type Field = NumberField | FlagField | ChoiceField | NumbersField | KindField;
export type Fields = Readonly<Record<string, Field>>;

export type Kinded = { readonly kind: string } & Readonly<Record<string, unknown>>;
type ValueOf<F extends Field> = F extends NumberField
  ? number
  : F extends FlagField
    ? boolean
    : F extends ChoiceField<infer T>
      ? T
      : F extends NumbersField
        ? readonly number[]
        : Kinded;
/** The checked settings, every default filled in. */
export type ConfigOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

type NumberOptions = Partial<Pick<NumberField, 'min' | 'max' | 'exclusiveMin' | 'exclusiveMax' | 'scale' | 'when'>>;

export const number = (standard: number, help: string, options: NumberOptions = {}): NumberField => ({
  type: 'number',
  integer: false,
  default: standard,
  min: -Number.MAX_VALUE,
  max: Number.MAX_VALUE,
  exclusiveMin: false,
  exclusiveMax: false,
  scale: 'linear',
  help,
  ...options
});

export const integer = (standard: number, help: string, options: NumberOptions = {}): NumberField => ({
  ...number(standard, help, { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, ...options }),
  integer: true
});

export const flag = (standard: boolean, help: string): FlagField => ({ type: 'flag', default: standard, help });

export const choice = <const T extends string>(standard: T, choices: readonly T[], help: string): ChoiceField<T> => ({
  type: 'choice',
  default: standard,
  choices,
  help
});

export const numbers = (help: string, { min, max }: { min: number; max: number }): NumbersField => ({
  type: 'numbers',
  default: [],
  min,
  max,
  help
});

export const kindOf = (table: KindField['table'], standard: string, help: string): KindField => ({
  type: 'kind',
  default: standard,
  table,
  help
});

/** The schema of one thing of a table: `kind` and its settings, nothing else, defaults filled in. */
export function schemaOf(
  kind: string,
  fields: Fields,
  more: Readonly<Record<string, z.ZodType>> = {}
): z.ZodType<Kinded> {
  const shape: Record<string, z.ZodType> = { kind: z.literal(kind), ...more };
  for (const [name, field] of Object.entries(fields)) shape[name] = fieldSchema(field);
  return z.strictObject(shape) as unknown as z.ZodType<Kinded>;
}

function fieldSchema(field: Field): z.ZodType {
  switch (field.type) {
    case 'number': {
      let schema = field.integer ? z.int() : z.number();
      schema = field.exclusiveMin ? schema.gt(field.min) : schema.gte(field.min);
      schema = field.exclusiveMax ? schema.lt(field.max) : schema.lte(field.max);
      return schema.default(field.default);
    }
    case 'flag':
      return z.boolean().default(field.default);
    case 'choice':
      return z.enum(field.choices as [string, ...string[]]).default(field.default);
    case 'numbers':
      return z
        .array(z.number().gte(field.min).lte(field.max))
        .max(256)
        .default([...field.default]);
    case 'kind':
      return kindSchema(field.table).prefault(field.default);
    default:
      return field satisfies never;
  }
}

/** Accepts `'he-normal'` as short for `{ kind: 'he-normal' }`. */
export function kindSchema(table: KindField['table']): z.ZodType<Kinded> {
  const kinds = Object.keys(table) as [string, ...string[]];
  const options = kinds.map((kind) => schemaOf(kind, table[kind]!.config)) as unknown as [
    z.ZodObject,
    ...z.ZodObject[]
  ];
  return z.preprocess(
    (value) => (typeof value === 'string' ? { kind: value } : value),
    z.discriminatedUnion('kind', options)
  ) as unknown as z.ZodType<Kinded>;
}
