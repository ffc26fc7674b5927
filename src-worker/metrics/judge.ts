/** Judges one output over an evaluation: its metrics, and for classes who was taken for whom. */
import type { Kinded } from '../contract/fields.ts';
import type { HeadReport } from '../contract/run.ts';
import { Decisions } from './decisions.ts';
import type { JudgedBatch, Subject, Tally, TallyKind } from './metric.ts';
import { wantedOf, type Wanted } from './requests.ts';
import { scoresOf } from './scores.ts';

/** A table of more classes than this is too large to read, and to keep with every run. */
export const MOST_CONFUSED = 64;

export class Judge {
  readonly #wanted: readonly Wanted[];
  /** One of each kind, shared by the metrics that read it. */
  readonly #tallies = new Map<TallyKind, Tally>();
  readonly #decisions: Decisions | null;
  readonly #isClass: boolean;

  constructor(subject: Subject, asked: readonly Kinded[]) {
    this.#wanted = wantedOf(subject, asked);
    for (const { definition } of this.#wanted)
      if (!this.#tallies.has(definition.tally)) this.#tallies.set(definition.tally, new definition.tally(subject));
    this.#decisions = (this.#tallies.get(Decisions) as Decisions | undefined) ?? null;
    this.#isClass = subject.target.kind === 'class';
  }

  add(batch: JudgedBatch): void {
    for (const tally of this.#tallies.values()) tally.add(batch);
  }

  /** By name, without the node. What is not finite is null. */
  metrics(): [name: string, value: number | null][] {
    return this.#wanted.map(({ name, definition, config }) => {
      const value = definition.value(this.#tallies.get(definition.tally)!, config);
      return [name, value !== null && Number.isFinite(value) ? value : null];
    });
  }

  /** null for quantities. `names` of the classes or columns. */
  report(names: readonly string[]): Omit<HeadReport, 'node' | 'on'> | null {
    if (!this.#decisions) return null;
    const { size, tables } = this.#decisions;
    const items = this.#decisions.items().map((item, index) => ({
      name: names[index] ?? String(index),
      count: item.actual,
      ...scoresOf(item)
    }));
    const rows = Array.from({ length: size }, (_, row) => [...tables[0]!.subarray(row * size, (row + 1) * size)]);
    return { items, confusion: this.#isClass && size <= MOST_CONFUSED ? rows : null };
  }
}
