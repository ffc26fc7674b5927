import type { Target } from '../plan/plan.ts';
import type { JudgedBatch, Subject, Tally } from './metric.ts';

/** How many outputs are larger than that of the right class: `counts[r]` examples had r of them. */
export class Ranks implements Tally {
  static readonly judges = 'ranked-classes';
  static readonly fits = (target: Target): boolean => target.kind === 'class' && target.classes > 2;

  readonly counts: Float64Array;

  constructor({ width }: Subject) {
    this.counts = new Float64Array(width);
  }

  add({ count, outputs, labels }: JudgedBatch): void {
    const width = this.counts.length;
    for (let b = 0; b < count; b++) {
      const own = outputs[b * width + labels[b]!]!;
      let rank = 0;
      // Of equals the first stands higher, as where the class is chosen; nothing stands higher than NaN, which is never right.
      for (let j = 0; j < width; j++) {
        const other = outputs[b * width + j]!;
        if (other > own || (other === own && j < labels[b]!) || (Number.isNaN(own) && j !== labels[b])) rank += 1;
      }
      this.counts[rank]! += 1;
    }
  }
}
