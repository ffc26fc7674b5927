import { LabError } from '../../contract/errors.ts';
import type { Parameter, Plan } from '../../plan/plan.ts';
import type { Results } from './checked-pipeline.ts';
import type { Planes } from './library.ts';
import { checkElements, extentOf, type Extent } from './value.ts';

/** One parameter and the optimizer's states of it, plane by plane: what goes up with a call and comes back from it. */
export interface Stack extends Extent {
  readonly parameter: Parameter;
  readonly values: Float32Array;
}

/** All parameters and states, kept here between calls. The arenas of the plan are put together only when someone reads them. */
export class ParameterStacks {
  /** `w`, then the optimizer's states. */
  readonly planes: readonly string[];
  readonly stacks: readonly Stack[];
  readonly #arena: number;

  constructor({ parameters, states, arena, batchSize }: Plan) {
    this.planes = ['w', ...states];
    this.#arena = arena;
    this.stacks = parameters.map((parameter) => {
      const elements = this.planes.length * parameter.size;
      checkElements(parameter.name, elements);
      return { parameter, ...extentOf(parameter.value, batchSize), values: new Float32Array(elements) };
    });
  }

  /** Takes over what a call has returned, by parameter name. */
  accept(results: Results): void {
    for (const { parameter, columns, rows, values } of this.stacks)
      for (const [plane, lines] of (results[parameter.name] as Planes).entries())
        for (const [row, line] of lines.entries()) values.set(line, (plane * rows + row) * columns);
  }

  /** All values as they are, for `restore`. */
  copy(): Float32Array[] {
    return this.stacks.map(({ values }) => values.slice());
  }

  restore(copies: readonly Float32Array[]): void {
    for (const [index, { values }] of this.stacks.entries()) values.set(copies[index]!);
  }

  read(arena: string): Float32Array {
    const values = new Float32Array(this.#arena);
    for (const { parameter, place } of this.#places(arena)) values.set(place, parameter.at);
    return values;
  }

  write(arena: string, values: Float32Array): void {
    for (const { parameter, place } of this.#places(arena))
      place.set(values.subarray(parameter.at, parameter.at + parameter.size));
  }

  #places(arena: string) {
    const plane = this.planes.indexOf(arena);
    if (plane < 0) throw new LabError('internal', `There is no arena “${arena}”; known: ${this.planes.join(', ')}.`);
    return this.stacks.map(({ parameter, values }) => ({
      parameter,
      place: values.subarray(plane * parameter.size, (plane + 1) * parameter.size)
    }));
  }
}
