/** The augmentations of an experiment as one function, made once a run and called for every training example. */
import type { ConfigOf, Fields, Kinded } from '../contract/fields.ts';
import type { Random } from '../data/random.ts';
import type { ImageContext, ImageShape, MoveDefinition } from './augmentation.ts';
import { resample, stay } from './placement.ts';
import { augmentations } from './table.ts';

/** Changes one example in place; `random` is of the stream `augment`. */
export type Augmenter = (image: Float32Array, random: Random) => void;

type Step = (image: Float32Array, context: ImageContext) => void;

/**
 * In the order of the experiment; moves that follow each other are interpolated once. Nothing is allocated for an example. What mixes
 * two examples is left to `mixerOf`. null: nothing is to be done.
 *
 * `shape`: of one example; columns are taken as an image of one row. `unit`: 255 for bytes, 1 for floats.
 */
export function augmenter(specs: readonly Kinded[], shape: readonly number[], unit: number): Augmenter | null {
  const steps = stepsOf(specs);
  if (steps.length === 0) return null;
  const imageShape = (shape.length === 3 ? shape : [1, 1, shape.reduce((a, b) => a * b, 1)]) as unknown as ImageShape;
  const scratch = new Float32Array(shape.reduce((a, b) => a * b, 1));
  let random: Random | null = null;
  const context: ImageContext = {
    shape: imageShape,
    unit,
    scratch,
    get random() {
      return random!;
    }
  };
  return (image, stream) => {
    random = stream;
    for (const step of steps) step(image, context);
  };
}

/** Draws λ for a pair of examples; null when nothing is mixed. */
export function mixerOf(specs: readonly Kinded[]): ((random: Random) => number) | null {
  const spec = specs.find(({ kind }) => augmentations[kind]!.sort === 'mix');
  const definition = spec && augmentations[spec.kind]!;
  if (definition?.sort !== 'mix') return null;
  return (random) => definition.mix(random, configOf(spec!));
}

/** A spec that was checked is its own settings. */
const configOf = (spec: Kinded) => spec as unknown as ConfigOf<Fields>;

function stepsOf(specs: readonly Kinded[]): Step[] {
  const steps: Step[] = [];
  let moves: Move[] | null = null;
  for (const spec of specs) {
    const definition = augmentations[spec.kind]!;
    if (definition.sort === 'mix') continue;
    if (definition.sort === 'change') {
      moves = null;
      steps.push((image, context) => definition.apply(image, context, configOf(spec)));
    } else if (moves) moves.push({ definition, spec });
    else {
      moves = [{ definition, spec }];
      steps.push(together(moves));
    }
  }
  return steps;
}

interface Move {
  readonly definition: MoveDefinition;
  readonly spec: Kinded;
}

function together(moves: readonly Move[]): Step {
  const nothing = stay();
  const placement = stay();
  return (image, context) => {
    placement.set(nothing);
    for (const { definition, spec } of moves) definition.move(placement, context, configOf(spec));
    resample(image, placement, context);
  };
}
