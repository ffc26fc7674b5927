/**
 * Golden reference values: cases with inputs and the results that others computed for them, in the format `nn-golden/1`
 * (tests/golden/data/README.md). This reads the text of a file and says what is wrong with it; it knows no disk.
 */
import { z } from 'zod';
import { LabError } from '../contract/errors.ts';

export const GOLDEN_FORMAT = 'nn-golden/1';

type TypedArray = Float32Array | Float64Array | Int32Array;
const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array };

const tensorFields = {
  dtype: z.enum(['f32', 'f64', 'i32']),
  shape: z.array(z.int().min(0)),
  data: z.array(z.number())
};

interface RawTensor {
  readonly dtype: keyof typeof arrays;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

function checkSize({ shape, data }: RawTensor, context: z.core.$RefinementCtx): void {
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size)
    context.addIssue({
      code: 'custom',
      message: `${data.length} numbers do not fill the shape ${shape.join('×') || 'of one number'}`
    });
}

/** f32 numbers are the shortest decimals of a float32, which rounding gives back. */
const typed = <T extends RawTensor>(raw: T): Omit<T, 'data'> & { data: TypedArray } => ({
  ...raw,
  data: arrays[raw.dtype].from(raw.data)
});

const tensor = z.object(tensorFields).superRefine(checkSize).transform(typed);
/** |got − expected| ≤ atol + rtol·|expected| for every element; int32 values are exact and have neither. */
const expectedTensor = z
  .object({ ...tensorFields, atol: z.number().min(0).default(0), rtol: z.number().min(0).default(0) })
  .superRefine(checkSize)
  .transform(typed);
const tensors = z.record(z.string(), tensor);

const caseSchema = z.object({
  name: z.string().min(1),
  kind: z.string().min(1),
  description: z.string().default(''),
  /** Where the expected values come from: a function of PyTorch, or a rule. */
  source: z.string().default(''),
  /** Hyperparameters; what there is depends on the kind. */
  params: z.record(z.string(), z.unknown()).default({}),
  inputs: tensors.default({}),
  /** Inputs that several cases share: `GoldenFile.problems`. */
  inputs_from: z.object({ problem: z.string() }).optional(),
  expected: z.record(z.string(), expectedTensor),
  facts: z.record(z.string(), z.unknown()).default({})
});

const fileSchema = z.object({
  format: z.literal(GOLDEN_FORMAT),
  cases: z.array(caseSchema),
  /** Inputs that all cases of all files may use: images, labels and the order of batches. */
  data: tensors.optional(),
  problems: z.record(z.string(), z.object({ inputs: tensors })).optional()
});

export type GoldenTensor = z.infer<typeof tensor>;
export type ExpectedTensor = z.infer<typeof expectedTensor>;
export type GoldenCase = z.infer<typeof caseSchema>;
export interface GoldenFile extends z.infer<typeof fileSchema> {
  /** `losses.json` */
  readonly file: string;
}

/** Throws: `bad_golden_file` with the file, the place in it and what is wrong there. */
export function readGolden(file: string, text: string): GoldenFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw badFile(file, `is not JSON: ${(error as Error).message}`);
  }
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return { ...parsed.data, file };
  const issue = parsed.error.issues[0]!;
  throw badFile(file, `is not of the format ${GOLDEN_FORMAT}: ${placeOf(issue.path, json)}: ${issue.message}`);
}

export const badFile = (file: string, why: string): LabError =>
  new LabError('bad_golden_file', `${file} ${why.replace(/\.$/, '')}.`, { file });

/** `cases.3 (“softmax_ce”).inputs.logits` */
function placeOf(path: readonly PropertyKey[], json: unknown): string {
  const [list, index, ...rest] = path.map(String);
  if (list !== 'cases' || index === undefined) return path.map(String).join('.') || 'the whole file';
  const { name } = ((json as { cases?: { name?: unknown }[] }).cases ?? [])[Number(index)] ?? {};
  const title = typeof name === 'string' ? `cases.${index} (“${name}”)` : `cases.${index}`;
  return [title, ...rest].join('.');
}
