/**
 * Draws the trials of search.json: `node resources/experiments/draw-search.ts` writes them into the file. The same seed gives the same
 * trials; a test compares the file with what is drawn.
 *
 * Every way of searching has nine trials of a learning rate in 0.0001 … 1 and a number of hidden units in 16 … 256: three by three, both
 * at the ends and the middle of a log scale; at random on log scales; at random, the learning rate on a linear scale.
 * Source: Bergstra & Bengio 2012, Random Search for Hyper-Parameter Optimization, JMLR 13 (random against grid).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomStream, type Random } from '../../src-worker/data/random.ts';

const SEED = 42;
const TRIALS = 9;
const rates = { min: 1e-4, max: 1 };
const units = { min: 16, max: 256 };

interface Range {
  readonly min: number;
  readonly max: number;
}
const onLogScale = ({ min, max }: Range, at: number) => min * (max / min) ** at;
const onLinearScale = ({ min, max }: Range, at: number) => min + (max - min) * at;
const rounded = (value: number) => Number(value.toPrecision(3));

const trial = (name: string, learningRate: number, hidden: number) => ({
  name,
  set: { 'training.optimizer.learningRate': rounded(learningRate), 'network.nodes.h*.units': Math.round(hidden) }
});

export function drawTrials() {
  const places = [0, 0.5, 1];
  const grid = places.flatMap((x, row) =>
    places.map((y, column) => trial(`grid-${row * 3 + column + 1}`, onLogScale(rates, x), onLogScale(units, y)))
  );
  const atRandom = (name: string, rate: (random: Random) => number) => {
    const random = randomStream(SEED, `search/${name}`);
    return Array.from({ length: TRIALS }, (_, i) =>
      trial(`${name}-${i + 1}`, rate(random), onLogScale(units, random.uniform()))
    );
  };
  return [
    ...grid,
    ...atRandom('random-log', (random) => onLogScale(rates, random.uniform())),
    ...atRandom('random-linear', (random) => onLinearScale(rates, random.uniform()))
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL('search.json', import.meta.url);
  const content = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, `${JSON.stringify({ ...content, variants: drawTrials() }, null, 2)}\n`);
}
