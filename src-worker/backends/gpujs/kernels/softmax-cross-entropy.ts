/**
 * Softmax and cross-entropy as four kernels: the statistics of each row, then loss, correct and gradient from them.
 *
 * Shapes: z (B, C) logits, labels (B, 1), weight (B, 1), statistics (B, 2) with max z and Σ e^(z − max z).
 */
import { COLUMN, defineKernel, ROW, type KernelRule } from '../kernel-text.ts';
import type { Value } from '../value.ts';

export const rowStatistics = (reads: { z: Value }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.z.rows, columns: 2 },
    body: ({ z }) => `
  let largest = ${z(ROW, '0')};
  for (let k = 0; k < ${reads.z.columns}; k++) {
    largest = Math.max(largest, ${z(ROW, 'k')});
  }
  if (${COLUMN} == 0) {
    return largest;
  }
  let sum = 0.0;
  for (let c = 0; c < ${reads.z.columns}; c++) {
    sum += Math.exp(${z(ROW, 'c')} - largest);
  }
  return sum;`
  });

/** loss = log Σ e^(z − max z) − (z[label] − max z). */
export const crossEntropy = (reads: { z: Value; labels: Value; statistics: Value }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.z.rows, columns: 1 },
    body: ({ z, labels, statistics }) => `
  const label = ${labels(ROW, '0')};
  return Math.log(${statistics(ROW, '1')}) - (${z(ROW, 'label')} - ${statistics(ROW, '0')});`
  });

/** 1 where the label's logit is the largest and none before it is as large. NaN is never equal, so never right. */
export const isCorrect = (reads: { z: Value; labels: Value; statistics: Value }): KernelRule =>
  defineKernel({
    reads,
    output: { rows: reads.z.rows, columns: 1 },
    body: ({ z, labels, statistics }) => `
  const label = ${labels(ROW, '0')};
  const largest = ${statistics(ROW, '0')};
  let right = 0.0;
  if (${z(ROW, 'label')} == largest) {
    right = 1.0;
  }
  for (let k = 0; k < ${reads.z.columns}; k++) {
    if (k < label) {
      if (${z(ROW, 'k')} == largest) {
        right = 0.0;
      }
    }
  }
  return right;`
  });

/** dz = (softmax(z) − onehot(label)) · weight. */
export const softmaxGradient = (reads: { z: Value; labels: Value; weight: Value; statistics: Value }): KernelRule =>
  defineKernel({
    reads,
    output: reads.z,
    body: ({ z, labels, weight, statistics }) => `
  let difference = Math.exp(${z(ROW, COLUMN)} - ${statistics(ROW, '0')}) / ${statistics(ROW, '1')};
  if (${COLUMN} == ${labels(ROW, '0')}) {
    difference = difference - 1.0;
  }
  return difference * ${weight(ROW, '0')};`
  });
