/** A text as an experiment that can be drawn, right or not; or where it cannot. */
import { z } from 'zod';
import {
  dataSchema,
  networkSchema,
  trainingSchema,
  type Experiment
} from '../../../../src-worker/contract/experiment.ts';

const kinded = z.looseObject({ kind: z.string() });
const listed = z.array(z.union([z.string(), kinded]));
const something = z.looseObject({});

/** As much as the page takes for granted of a draft; everything else is for the check to name. */
const drawable = z.looseObject({
  name: z.string(),
  data: z.looseObject({
    dataset: dataSchema.shape.dataset,
    split: something.optional(),
    augment: listed.optional()
  }),
  network: networkSchema,
  training: z
    .looseObject({
      ...{ loss: kinded.optional(), optimizer: kinded.optional(), schedule: kinded.optional() },
      heads: z.record(z.string(), z.looseObject({ loss: kinded.optional() })).optional(),
      metrics: listed.optional(),
      regularize: something.optional(),
      clip: something.nullable().optional(),
      earlyStopping: something.nullable().optional()
    })
    .optional()
});

export type Read =
  | { readonly experiment: Experiment; readonly path: null }
  /** `path`: of what is missing or is not what it has to be. */
  | { readonly experiment: null; readonly path: string };

/** Parts that are left out are as they are unless they are said. Throws: SyntaxError where the text is no JSON. */
export function readExperiment(text: string): Read {
  const value: unknown = JSON.parse(text);
  const read = drawable.safeParse(value);
  if (!read.success) return { experiment: null, path: read.error.issues[0]!.path.join('.') };
  const { data, training } = value as Experiment;
  const whole = {
    ...(value as Experiment),
    data: { ...dataSchema.parse({ dataset: data.dataset }), ...data },
    training: { ...trainingSchema.parse({}), ...training }
  };
  return { experiment: whole, path: null };
}
