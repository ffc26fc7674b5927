import { LabError } from '../../contract/errors.ts';
import { COLUMN, defineKernel, MAX_ARRAYS, PLANE, ROW, type KernelRule, type Reader } from './kernel-text.ts';
import type { Tracer } from './tracer.ts';
import type { Value } from './value.ts';

/**
 * A rule that reads no more arrays than a GPU allows: of one that would, values of the same rows and columns are first copied into the
 * planes of one buffer, the smallest first.
 *
 * Throws: `backend_unavailable` where that is not enough.
 */
export function packed(rule: KernelRule, name: string, tracer: Tracer): KernelRule {
  const reads: Record<string, Value | null> = { ...rule.reads };
  while (handlesOf(reads).size > MAX_ARRAYS) {
    const group = smallestGroup(reads);
    if (!group)
      throw new LabError(
        'backend_unavailable',
        `“${name}” is computed from ${handlesOf(reads).size} tensors of different shapes, but a GPU kernel reads at most ${MAX_ARRAYS}. Train on wasm.`,
        { tensor: name, limit: MAX_ARRAYS }
      );
    const values = group.map((key) => reads[key]!);
    const handle = tracer.call(pack(values), `what ${name} reads`);
    for (const [plane, key] of group.entries()) reads[key] = { ...values[plane]!, handle, plane: `[${plane}]` };
  }
  return { ...rule, reads };
}

const handlesOf = (reads: Readonly<Record<string, Value | null>>) =>
  new Set(Object.values(reads).flatMap((value) => (value ? [value.handle] : [])));

/** Names of up to MAX_ARRAYS values with the same rows and columns in buffers of their own. */
function smallestGroup(reads: Readonly<Record<string, Value | null>>): string[] | undefined {
  const groups = new Map<string, string[]>();
  const size = ([name]: string[]) => reads[name!]!.rows * reads[name!]!.columns;
  const seen = new Set<unknown>();
  for (const [name, value] of Object.entries(reads)) {
    if (!value || seen.has(value.handle)) continue;
    seen.add(value.handle);
    const key = `${value.rows}×${value.columns}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const several = [...groups.values()].filter(({ length }) => length > 1);
  return several.sort((a, b) => size(a) - size(b))[0]?.slice(0, MAX_ARRAYS);
}

function pack(values: readonly Value[]): KernelRule {
  const { rows, columns } = values[0]!;
  return defineKernel({
    reads: Object.fromEntries(values.map((value, plane): [string, Value] => [`plane${plane}`, value])) as Record<
      string,
      Value
    >,
    output: { rows, columns, planes: values.length },
    body: (read: Readonly<Record<string, Reader>>) =>
      `${values.map((_, plane) => `if (${PLANE} == ${plane}) {\nreturn ${read[`plane${plane}`]!(ROW, COLUMN)};\n}`).join('\n')}\nreturn 0.0;`
  });
}
