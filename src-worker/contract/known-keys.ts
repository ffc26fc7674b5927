import type { z } from 'zod';

type Schema = z.core.$ZodType;

/** The keys that an object may have at `path` below `schema`; `input` decides between the alternatives of a union. Empty where there is none. */
export function knownKeys(schema: Schema, path: readonly (string | number)[], input: unknown): string[] {
  const inner = unwrapped(schema, input);
  if (!inner) return [];
  const { def } = (inner as z.core.$ZodTypes)._zod;
  const [key, ...rest] = path;
  if (key === undefined) return def.type === 'object' ? Object.keys(def.shape) : [];
  const below = childOf(def, key);
  return below ? knownKeys(below, rest, (input as Record<string | number, unknown> | null | undefined)?.[key]) : [];
}

function childOf(def: z.core.$ZodTypes['_zod']['def'], key: string | number): Schema | undefined {
  switch (def.type) {
    case 'object':
      return Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
    case 'array':
      return def.element;
    case 'tuple':
      return def.items[Number(key)];
    case 'record':
      return def.valueType;
    default:
      return undefined;
  }
}

/** Without defaults, preprocessing and what else only wraps a schema. */
function unwrapped(schema: Schema, input: unknown): Schema | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if ('innerType' in def) return unwrapped(def.innerType, input);
  if (def.type === 'pipe') return unwrapped(def.out, input);
  if (def.type !== 'union') return schema;
  const kindOf = (value: unknown) => (value as { kind?: unknown } | null | undefined)?.kind;
  return def.options.find((option) => {
    const own = unwrapped(option, input);
    const { def: inner } = (own as z.core.$ZodTypes)._zod;
    if (inner.type !== 'object') return false;
    const kind = inner.shape['kind'] as z.ZodType | undefined;
    return kind === undefined || kind.safeParse(kindOf(input)).success;
  });
}
