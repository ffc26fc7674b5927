/** The limits of the frame's own numbers, read from the contract's schema so that they are written once. */
import { z } from 'zod';
import { experimentSchema, trainingSchema } from '../../../src-worker/contract/experiment.ts';
import type { Bounds } from './problem-text.ts';

function boundsOf(schema: z.ZodType): Bounds {
  const number = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  if (!(number instanceof z.ZodNumber)) throw new TypeError('Only a number has limits.');
  const { minValue, maxValue } = number;
  return {
    min: minValue ?? -Infinity,
    max: maxValue ?? Infinity,
    exclusiveMin: false,
    exclusiveMax: false,
    integer: true
  };
}

export const frameBounds = {
  'training.batchSize': boundsOf(trainingSchema.shape.batchSize),
  'training.epochs': boundsOf(trainingSchema.shape.epochs),
  seed: boundsOf(experimentSchema.shape.seed)
};
