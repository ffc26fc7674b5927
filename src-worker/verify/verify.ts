/**
 * Runs golden cases on a backend and compares. What runs is the product itself: layers by their definitions, plans by engines.
 *
 * Called by `caviar verify`, and by the tests on every backend there is; it knows neither disk nor host.
 */
import { z } from 'zod';
import { flattenError, LabError } from '../contract/errors.ts';
import type { CaseResult, Mismatch } from '../contract/verify.ts';
import { compare } from './compare.ts';
import { Unsupported, type Answer, type Surroundings } from './cases/case.ts';
import { runners } from './cases/table.ts';
import { watched } from './cases/watch.ts';
import type { GoldenCase, GoldenFile } from './golden.ts';

export interface VerifyOptions extends Surroundings {
  /** Widens every tolerance; 1 unless a backend is less exact by nature. */
  readonly toleranceFactor?: number;
}

export async function runCase(file: GoldenFile, one: GoldenCase, options: VerifyOptions): Promise<CaseResult> {
  const about = { file: file.file, name: one.name, kind: one.kind };
  const runner = Object.hasOwn(runners, one.kind) ? runners[one.kind] : undefined;
  if (!runner) return { ...about, status: 'unsupported', why: `cases of the kind “${one.kind}” are not known here` };
  try {
    const { one: given, unread } = watched(one);
    const answer = await runner(given, options);
    if (unread().length > 0) throw new Unsupported(`nothing here takes ${unread().join(', ')} into account`);
    return { ...about, ...judge(one, answer, options.toleranceFactor ?? 1) };
  } catch (error) {
    const why = refusalIn(error);
    if (why !== null) return { ...about, status: 'unsupported', why };
    return { ...about, status: 'failed', worst: null, mismatches: [], error: flattenError(error).message };
  }
}

/** What the lab does not offer: it says so, a backend refuses, or a setting is none that its schema allows. Else null. */
function refusalIn(error: unknown): string | null {
  if (error instanceof Unsupported) return error.message;
  if (error instanceof LabError && error.code === 'backend_unavailable') return error.message;
  if (!(error instanceof z.ZodError)) return null;
  return error.issues
    .map(({ path, message }) => `no setting here is like this: ${path.join('.')}: ${message}`)
    .join('; ');
}

type Verdict =
  | { status: 'passed'; worst: number }
  | { status: 'failed'; worst: number | null; mismatches: Mismatch[]; error: string | null };

/** Every expected output against its tolerance, every limit against its number. */
function judge(one: GoldenCase, { outputs, limits = [] }: Answer, factor: number): Verdict {
  const mismatches: Mismatch[] = [];
  let worst = 0;
  const judged = (mismatch: Mismatch & { worst: number }) => {
    worst = Math.max(worst, mismatch.worst);
    if (mismatch.worst > 1) mismatches.push({ ...mismatch, worst: finite(mismatch.worst) });
  };
  for (const [output, expected] of Object.entries(one.expected)) {
    const got = outputs[output];
    if (!got) throw new Error(`Nothing here computes the expected “${output}” from ${namesOf(one)}`);
    if (got.length !== expected.data.length)
      throw new Error(`“${output}” has ${got.length} values instead of ${expected.data.length}`);
    judged({ output, ...compare(got, expected, factor) });
  }
  for (const { name, value, below } of limits)
    judged({ output: name, worst: value < below ? value / below : Infinity, at: 0, got: value, expected: below });
  if (Object.keys(one.expected).length === 0 && limits.length === 0) throw new Error('The case expects nothing');
  if (mismatches.length === 0) return { status: 'passed', worst };
  mismatches.sort((a, b) => (b.worst ?? Infinity) - (a.worst ?? Infinity));
  return { status: 'failed', worst: finite(worst), mismatches, error: null };
}

const namesOf = ({ inputs }: GoldenCase) => Object.keys(inputs).join(', ') || 'no inputs';

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** All cases of all files, in their order. */
export async function verify(
  options: VerifyOptions,
  onCase?: (result: CaseResult, done: number, total: number) => void
): Promise<CaseResult[]> {
  const cases = options.files.flatMap((file) => file.cases.map((one) => ({ file, one })));
  const results: CaseResult[] = [];
  for (const { file, one } of cases) {
    const result = await runCase(file, one, options);
    results.push(result);
    onCase?.(result, results.length, cases.length);
  }
  return results;
}
