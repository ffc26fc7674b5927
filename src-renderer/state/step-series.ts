/**
 * One number per training step in bounded memory: up to `CAPACITY` buckets, each the smallest, largest and mean value of `stride`
 * consecutive steps. When all buckets are full, neighbours are merged and the stride doubles; a short run keeps every step.
 *
 * A value that is not finite is stored as NaN and breaks the line there.
 */
export const CAPACITY = 1 << 16;

export class StepSeries {
  /** Steps per bucket, a power of two. */
  stride = 1;
  /** Buckets that hold at least one step. */
  length = 0;
  /** Steps seen. */
  steps = 0;
  low = new Float32Array(256);
  high = new Float32Array(256);
  mean = new Float32Array(256);
  private finite = 0; // values behind the last bucket's mean

  push(value: number | null): void {
    if (this.steps === this.length * this.stride) this.open();
    const at = this.length - 1;
    this.steps += 1;
    if (value === null || !Number.isFinite(value)) return;
    this.finite += 1;
    const first = this.finite === 1;
    this.low[at] = first ? value : Math.min(this.low[at]!, value);
    this.high[at] = first ? value : Math.max(this.high[at]!, value);
    this.mean[at] = first ? value : this.mean[at]! + (value - this.mean[at]!) / this.finite;
  }

  /** A copy of the first `steps`; where they end inside a bucket, with all that the bucket holds. */
  until(steps: number): StepSeries {
    const copy = new StepSeries();
    copy.stride = this.stride;
    copy.steps = Math.min(steps, this.steps);
    copy.length = Math.ceil(copy.steps / this.stride);
    copy.finite = copy.steps - Math.max(0, copy.length - 1) * this.stride;
    [copy.low, copy.high, copy.mean] = [this.low.slice(), this.high.slice(), this.mean.slice()];
    return copy;
  }

  /** The step at the end of bucket `index`; the last bucket may be part full. */
  stepAt(index: number): number {
    return Math.min((index + 1) * this.stride, this.steps);
  }

  /** The bucket that holds `step` (from 1). */
  indexOf(step: number): number {
    return Math.max(0, Math.min(this.length - 1, Math.ceil(step / this.stride) - 1));
  }

  private open(): void {
    if (this.length === CAPACITY) this.halve();
    if (this.length === this.mean.length) this.grow();
    const at = this.length++;
    this.finite = 0;
    this.low[at] = this.high[at] = this.mean[at] = NaN;
  }

  private grow(): void {
    const larger = (from: Float32Array<ArrayBuffer>) => {
      const to = new Float32Array(from.length * 2);
      to.set(from);
      return to;
    };
    [this.low, this.high, this.mean] = [larger(this.low), larger(this.high), larger(this.mean)];
  }

  private halve(): void {
    for (let i = 0; i < CAPACITY / 2; i++) {
      const [a, b] = [2 * i, 2 * i + 1];
      this.low[i] = least(this.low[a]!, this.low[b]!);
      this.high[i] = -least(-this.high[a]!, -this.high[b]!);
      this.mean[i] = average(this.mean[a]!, this.mean[b]!);
    }
    this.length = CAPACITY / 2;
    this.stride *= 2;
  }
}

const least = (a: number, b: number) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));
const average = (a: number, b: number) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : (a + b) / 2);
