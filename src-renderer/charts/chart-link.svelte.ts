/** What charts over the same x axis share: where the crosshair stands and which part is enlarged. Both in units of the axis. */
export class ChartLink {
  hover = $state<number | null>(null);
  zoom = $state.raw<readonly [number, number] | null>(null);

  reset(): void {
    this.zoom = null;
    this.hover = null;
  }

  /** Enlarges around the crosshair, or the middle, by `factor` (> 1 looks closer), within `whole`. */
  magnify(factor: number, whole: readonly [number, number]): void {
    const [from, to] = this.zoom ?? whole;
    const centre = this.hover ?? (from + to) / 2;
    const span = (to - from) / factor;
    if (span >= whole[1] - whole[0]) return void (this.zoom = null);
    const start = Math.max(whole[0], Math.min(centre - ((centre - from) / (to - from)) * span, whole[1] - span));
    this.zoom = [start, start + span];
  }
}

export const trainLink = new ChartLink();
export const compareLink = new ChartLink();
