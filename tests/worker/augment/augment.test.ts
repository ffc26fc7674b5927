import { describe, expect, it } from 'vitest';
import type { ImageShape } from '../../../src-worker/augment/augmentation.ts';
import { augmenter, mixerOf } from '../../../src-worker/augment/augmenter.ts';
import { resample, shiftBy, stay, stretchBy, turnBy, type Placement } from '../../../src-worker/augment/placement.ts';
import { augmentations } from '../../../src-worker/augment/table.ts';
import { schemaOf, type Kinded } from '../../../src-worker/contract/fields.ts';
import { randomStream } from '../../../src-worker/data/random.ts';

/** Settings that an experiment does not give are filled in, as its check does. */
const spec = (kind: string, settings: object = {}): Kinded =>
  schemaOf(kind, augmentations[kind]!.config).parse({ kind, ...settings });
const stream = (seed = 1) => randomStream(seed, 'augment');

/** Every value another one. */
const picture = ([height, width, channels]: ImageShape) =>
  Float32Array.from({ length: height * width * channels }, (_, at) => at + 1);

function moved(shape: ImageShape, change: (placement: Placement) => void): Float32Array {
  const image = picture(shape);
  const placement = stay();
  change(placement);
  resample(image, placement, { shape, scratch: new Float32Array(image.length) });
  return image;
}
const quarter = Math.PI / 2;

describe('a moved image', () => {
  it('goes right and down by whole pixels exactly, and what comes in is black', () => {
    const shape = [5, 6, 2] as const;
    const [before, after] = [picture(shape), moved(shape, (to) => shiftBy(to, 2, 1))];
    for (let y = 0; y < 5; y++)
      for (let x = 0; x < 6; x++)
        for (let k = 0; k < 2; k++)
          expect(after[(y * 6 + x) * 2 + k]).toBe(y >= 1 && x >= 2 ? before[((y - 1) * 6 + x - 2) * 2 + k] : 0);
  });

  it.each([
    [5, 0],
    [-5, 0],
    [0, 4],
    [0, -4],
    [100, -100]
  ])('is black when it is shifted out by %i, %i', (right, down) => {
    expect([...new Set(moved([4, 5, 1], (to) => shiftBy(to, right, down)))]).toEqual([0]);
  });

  it('is the mean of two pixels half way between them, and fades at the edge', () => {
    expect([...moved([1, 4, 1], (to) => shiftBy(to, 0.5, 0))]).toEqual([0.5, 1.5, 2.5, 3.5]);
    expect([...moved([1, 4, 1], (to) => shiftBy(to, -0.25, 0))]).toEqual([1.25, 2.25, 3.25, 3]);
    expect([...moved([2, 2, 1], (to) => shiftBy(to, 0.5, 0.5))]).toEqual([0.25, 0.75, 1, 2.5]);
  });

  it('is itself when nothing moves, when it is mirrored twice and after a full turn', () => {
    const shape = [7, 9, 3] as const;
    expect(moved(shape, () => undefined)).toEqual(picture(shape));
    expect(moved(shape, (to) => turnBy(to, 0))).toEqual(picture(shape));
    expect(moved(shape, (to) => (stretchBy(to, -1, 1), stretchBy(to, -1, 1)))).toEqual(picture(shape));
    const turned = moved([7, 7, 1], (to) => [1, 2, 3, 4].forEach(() => turnBy(to, quarter)));
    picture([7, 7, 1]).forEach((value, at) => expect(turned[at]).toBeCloseTo(value, 10));
  });

  it('changes left and right, or top and bottom', () => {
    expect([...moved([2, 3, 1], (to) => stretchBy(to, -1, 1))]).toEqual([3, 2, 1, 6, 5, 4]);
    expect([...moved([2, 3, 1], (to) => stretchBy(to, 1, -1))]).toEqual([4, 5, 6, 1, 2, 3]);
  });

  it('turned by 90° is its transpose upside down', () => {
    const side = 5;
    const before = picture([side, side, 1]);
    const after = moved([side, side, 1], (to) => turnBy(to, quarter));
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) expect(after[y * side + x]).toBeCloseTo(before[x * side + side - 1 - y]!, 10);
  });

  it('turns by the angle asked for', () => {
    for (const degrees of [-180, -120, -31, 7, 45, 90, 179]) {
      const to = stay();
      const radians = (degrees * Math.PI) / 180;
      turnBy(to, radians);
      expect(Math.abs(to[0]! - Math.cos(radians))).toBeLessThan(1e-13);
      expect(Math.abs(to[3]! - Math.sin(radians))).toBeLessThan(1e-13);
    }
  });

  it('twice as large shows its middle, half as large leaves a black edge', () => {
    // A row of 4 in double size: pixel x shows what was at 1.5 + (x − 1.5)/2.
    expect([...moved([1, 4, 1], (to) => stretchBy(to, 2, 1))]).toEqual([1.75, 2.25, 2.75, 3.25]);
    expect([...moved([1, 4, 1], (to) => stretchBy(to, 0.5, 1))]).toEqual([0, 1.5, 3.5, 0]);
  });

  it('joins moves in their order: shifted then turned is not turned then shifted', () => {
    const shape = [5, 5, 1] as const;
    const shiftedThenTurned = moved(shape, (to) => (shiftBy(to, 1, 0), turnBy(to, quarter)));
    const apart = moved(shape, (to) => shiftBy(to, 1, 0));
    const turn = stay();
    turnBy(turn, quarter);
    resample(apart, turn, { shape, scratch: new Float32Array(25) });
    apart.forEach((value, at) => expect(shiftedThenTurned[at]).toBeCloseTo(value, 10));
    expect(moved(shape, (to) => (turnBy(to, quarter), shiftBy(to, 1, 0)))).not.toEqual(shiftedThenTurned);
  });
});

describe('shift', () => {
  it('moves by whole pixels up to the given number, each as often', () => {
    const counts = new Map<string, number>();
    const shape = [9, 9, 1] as const;
    const change = augmenter([spec('shift', { pixels: 2 })], shape, 1)!;
    const random = stream();
    for (let n = 0; n < 5000; n++) {
      const image = new Float32Array(81);
      image[40] = 1; // the centre
      change(image, random);
      const at = image.indexOf(1);
      const to = `${(at % 9) - 4} ${Math.floor(at / 9) - 4}`;
      counts.set(to, (counts.get(to) ?? 0) + 1);
    }
    expect(counts.size).toBe(25);
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    expect(chi).toBeLessThan(60); // χ²(24), once in 15 000
  });
});

describe('flip', () => {
  it('mirrors the share of images asked for', () => {
    const change = augmenter([spec('flip', { probability: 0.3 })], [1, 2, 1], 1)!;
    const random = stream();
    let mirrored = 0;
    for (let n = 0; n < 10_000; n++) {
      const image = Float32Array.of(1, 2);
      change(image, random);
      if (image[0] === 2) mirrored++;
    }
    expect(Math.abs(mirrored / 10_000 - 0.3)).toBeLessThan(0.02);
  });

  it('twice is the image', () => {
    const always = spec('flip', { direction: 'vertical', probability: 1 });
    const image = picture([4, 3, 2]);
    augmenter([always, always], [4, 3, 2], 1)!(image, stream());
    expect(image).toEqual(picture([4, 3, 2]));
    augmenter([always], [4, 3, 2], 1)!(image, stream());
    expect(image).not.toEqual(picture([4, 3, 2]));
  });
});

describe('rotate', () => {
  it('by at most 0 degrees leaves the image, by more turns it either way within the bound', () => {
    const image = picture([6, 6, 1]);
    augmenter([spec('rotate', { degrees: 0 })], [6, 6, 1], 1)!(image, stream());
    expect(image).toEqual(picture([6, 6, 1]));
    const angles = Array.from({ length: 1000 }, (_, n) => {
      const placement = stay();
      const rotate = augmentations['rotate']!;
      if (rotate.sort === 'move')
        rotate.move(placement, { random: stream(n), shape: [6, 6, 1] }, spec('rotate', { degrees: 20 }) as never);
      return (Math.atan2(placement[3]!, placement[0]!) * 180) / Math.PI;
    });
    expect(Math.max(...angles)).toBeGreaterThan(19);
    expect(Math.max(...angles)).toBeLessThanOrEqual(20);
    expect(Math.min(...angles)).toBeLessThan(-19);
    expect(Math.abs(angles.reduce((a, b) => a + b, 0) / 1000)).toBeLessThan(1.5);
  });
});

describe('zoom', () => {
  it('by a fixed factor is that factor', () => {
    const image = picture([1, 4, 1]);
    augmenter([spec('zoom', { low: 0.5, high: 0.5 })], [1, 4, 1], 1)!(image, stream());
    // The row itself is also half as high, so that nothing lies beside it; its centre line stays.
    expect([...image]).toEqual([0, 1.5, 3.5, 0]);
  });
});

describe('noise', () => {
  const values = new Float32Array(200_000);
  augmenter([spec('noise', { deviation: 0.1 })], [200, 1000, 1], 255)!(values, stream());
  const moment = (power: number) => values.reduce((sum, value) => sum + (value / 25.5) ** power, 0) / values.length;

  it('has mean 0 and the deviation asked for, in shares of the range, and is normal', () => {
    expect(Math.abs(moment(1))).toBeLessThan(0.01);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(3))).toBeLessThan(0.04);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
    const within = (sigmas: number) => values.filter((value) => Math.abs(value) < sigmas * 25.5).length / values.length;
    expect(within(1)).toBeCloseTo(0.6827, 1.9);
    expect(within(2)).toBeCloseTo(0.9545, 2);
  });

  it('of one value says nothing of the next', () => {
    let product = 0;
    for (let at = 1; at < values.length; at++) product += (values[at]! * values[at - 1]!) / 25.5 ** 2;
    expect(Math.abs(product / values.length)).toBeLessThan(4 / Math.sqrt(values.length));
  });

  it('reaches every value of columns too, also an odd number', () => {
    const row = new Float32Array(3);
    augmenter([spec('noise')], [3], 1)!(row, stream());
    expect(row.every((value) => value !== 0)).toBe(true);
  });
});

describe('cutout', () => {
  const blackCells = (size: number, seed: number) => {
    const image = new Float32Array(2 * 100).fill(1);
    augmenter([spec('cutout', { size })], [10, 10, 2], 1)!(image, stream(seed));
    return Array.from({ length: 100 }, (_, at) => at).filter((at) => image[2 * at] === 0 && image[2 * at + 1] === 0);
  };

  it('blackens a square, of which a part may lie outside', () => {
    const counts = Array.from({ length: 500 }, (_, seed) => {
      const cells = blackCells(4, seed);
      const [xs, ys] = [cells.map((at) => at % 10), cells.map((at) => Math.floor(at / 10))];
      const [width, height] = [xs, ys].map((all) => Math.max(...all) - Math.min(...all) + 1) as [number, number];
      expect(cells).toHaveLength(width * height);
      if (Math.min(...xs) > 0 && Math.max(...xs) < 9) expect(width).toBe(4);
      return cells.length;
    });
    expect(Math.max(...counts)).toBe(16);
    expect(Math.min(...counts)).toBe(4); // centre in the corner: two of four pixels each way
  });

  it('covers each centre as often', () => {
    const counts = new Array<number>(100).fill(0);
    for (let seed = 0; seed < 3000; seed++) counts[blackCells(1, seed)[0]!]!++;
    expect(counts.reduce((sum, count) => sum + (count - 30) ** 2 / 30, 0)).toBeLessThan(160); // χ²(99), once in 10 000
  });
});

describe('mixup', () => {
  const draw = (alpha: number, count = 20_000) => {
    const [mix, random] = [mixerOf([spec('mixup', { alpha })])!, stream()];
    return Float64Array.from({ length: count }, () => mix(random));
  };
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;

  it.each([0.01, 0.2, 1, 4])('draws λ from Beta(%d, same): mean ½, symmetric, its variance', (alpha) => {
    const values = draw(alpha);
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    const variance = 1 / (4 * (2 * alpha + 1));
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(4 * Math.sqrt(variance / values.length));
    expect(mean(values.map((value) => (value - 0.5) ** 2)) / variance).toBeCloseTo(1, 1.2);
    const skew = mean(values.map((value) => (value - 0.5) ** 3)) / variance ** 1.5;
    expect(Math.abs(skew)).toBeLessThan(0.06);
  });

  it('draws every λ as often when α is 1', () => {
    const cells = new Array<number>(20).fill(0);
    for (const value of draw(1)) cells[Math.min(19, Math.floor(20 * value))]!++;
    expect(cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(50); // χ²(19), once in 8000
  });

  it('is left to the caller: the augmenter has nothing to do', () => {
    expect(augmenter([spec('mixup')], [4, 4, 1], 1)).toBe(null);
    expect(mixerOf([spec('shift')])).toBe(null);
  });
});

describe('augmentations together', () => {
  const shape = [8, 8, 3] as const;
  const all = Object.keys(augmentations).map((kind) => spec(kind));
  const run = (specs: Kinded[], seed: number) => {
    const [change, random] = [augmenter(specs, shape, 255)!, stream(seed)];
    return Array.from({ length: 3 }, () => {
      const image = picture(shape);
      change(image, random);
      return image;
    });
  };

  it('give the same images for the same seed, others for another, and others from image to image', () => {
    expect(run(all, 5)).toEqual(run(all, 5));
    expect(run(all, 6)[0]).not.toEqual(run(all, 5)[0]);
    const [first, second] = run(all, 5);
    expect(first).not.toEqual(second);
  });

  it('never give a number that is none, whatever is drawn', () => {
    const wild = [
      spec('shift', { pixels: 8 }),
      spec('rotate', { degrees: 180 }),
      spec('zoom', { low: 0.1, high: 10 }),
      spec('flip')
    ];
    const [change, random] = [augmenter(wild, shape, 255)!, stream()];
    const highest = picture(shape).length;
    for (let n = 0; n < 3000; n++) {
      const image = picture(shape);
      change(image, random);
      expect(image.every((value) => value >= 0 && value <= highest + 1e-3)).toBe(true);
    }
  });

  it('interpolate once: what one move takes out of sight, the next can bring back', () => {
    const there = spec('zoom', { low: 4, high: 4 });
    const back = spec('zoom', { low: 0.25, high: 0.25 });
    const image = picture(shape);
    augmenter([there, back], shape, 1)!(image, stream());
    expect(image).toEqual(picture(shape));
  });

  it('are nothing when there are none', () => expect(augmenter([], shape, 1)).toBe(null));
});
