/** What every layer does at one moment of a run, on a fixed batch of training examples: small enough to be kept with the run. */
import { z } from 'zod';
import { distributionSchema } from './distribution.ts';

const share = z.number().min(0).max(1);

/**
 * A distribution in brief: numbers to 4 significant digits; heights of the bins from 0 to 99, that of the fullest, at least 1 where there
 * is a value at all. Of a large tensor some 16 000 values are looked at, evenly spread; `count` is that of all.
 */
export const sketchSchema = distributionSchema.extend({
  /** The least and the largest value; null: not finite. */
  min: z.number().nullable(),
  max: z.number().nullable()
});
export type Sketch = z.infer<typeof sketchSchema>;

const observedWeightsSchema = z.object({
  /** `h1.W` */
  name: z.string(),
  values: sketchSchema,
  /** Of the mean loss, without penalties. */
  gradients: sketchSchema,
  /** Length of the last update by the length of the weights before it, ‖Δw‖ / ‖w‖; null where it is not known or w was 0. */
  ratio: z.number().min(0).nullable()
});
export type ObservedWeights = z.infer<typeof observedWeightsSchema>;

export const observedLayerSchema = z.object({
  node: z.string(),
  kind: z.string(),
  /** What it gives. Those of the layer in front are what an activation is made of. */
  activations: sketchSchema,
  /** The gradient of the mean loss with respect to that; null where nothing up to here learns. */
  gradients: sketchSchema.nullable(),
  /** Of relu: its units (channels of images), and how many of them are 0 for every example of the batch. */
  units: z.object({ count: z.int().min(1), dead: z.int().min(0) }).optional(),
  /** Of sigmoid and tanh: share of the values where the slope is below 1/20 of its largest. */
  saturated: share.optional(),
  /** Weights alone: biases, scales and statistics are left out. */
  weights: z.array(observedWeightsSchema)
});
export type ObservedLayer = z.infer<typeof observedLayerSchema>;

export const layersEventSchema = z.object({
  type: z.literal('layers'),
  /** Steps done before. */
  step: z.int().min(0),
  /** Examples of the batch. */
  examples: z.int().min(1),
  /** Their mean loss, without penalties; null: not finite. */
  loss: z.number().nullable(),
  /** In the order of computation; layers that only show the same values under another shape are left out. */
  layers: z.array(observedLayerSchema)
});
export type LayersEvent = z.infer<typeof layersEventSchema>;
