/** Which metrics an output is judged by: those that fit its target anyway, and those that were asked for. */
import type { ConfigOf, Fields, Kinded } from '../contract/fields.ts';
import { refusal, type Refusal } from '../contract/refusal.ts';
import { term } from '../contract/words.ts';
import { Decisions } from './decisions.ts';
import type { MetricDefinition, Subject } from './metric.ts';
import { metricName } from './names.ts';
import { metrics } from './table.ts';

export interface Wanted {
  /** Without the node. */
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly config: ConfigOf<Fields>;
}

/** An output of the network and the node that gives it. */
export interface JudgedOutput {
  readonly node: string;
  readonly subject: Subject;
}

/** Reported where they fit, whatever was asked for. */
const usual: readonly Kinded[] = [{ kind: 'f1', of: -1 }, { kind: 'mae' }, { kind: 'r2' }];

/** In this order, each name once. `asked`: checked settings. Accuracy is measured in training and needs no asking. */
export function wantedOf(subject: Subject, asked: readonly Kinded[]): Wanted[] {
  const found = new Map<string, Wanted>();
  for (const spec of [...usual, ...asked]) {
    const wanted = wantedBy(spec);
    if (wanted.definition.tally.fits(subject.target) && !found.has(wanted.name)) found.set(wanted.name, wanted);
  }
  return [...found.values()];
}

/** Names of everything that is measured on the dev set, the loss first. With several outputs those of one carry its node. */
export function measuredNames(outputs: readonly JudgedOutput[], asked: readonly Kinded[]): string[] {
  const decides = ({ subject }: JudgedOutput) => Decisions.fits(subject.target);
  const several = outputs.length > 1;
  const names = outputs.flatMap((output) => {
    const node = several ? output.node : null;
    const measured = several ? ['loss', ...(decides(output) ? ['accuracy'] : [])] : [];
    const wanted = wantedOf(output.subject, asked).map(({ name }) => name);
    return [...measured, ...wanted].map((name) => metricName(node, name));
  });
  return [...new Set(['loss', ...(outputs.some(decides) ? ['accuracy'] : []), ...names])];
}

function wantedBy({ kind, ...settings }: Kinded): Wanted {
  const definition = metrics[kind]!;
  const config = settings as ConfigOf<Fields>;
  return { name: metricName(null, kind, definition.variant?.(config)), definition, config };
}

/** Under which it is reported, without the node. */
export const nameOf = (spec: Kinded): string => wantedBy(spec).name;

/** Why a metric that was asked for cannot judge any of the outputs, or one of those it would judge; or null. */
export function refusalOf(spec: Kinded, subjects: readonly Subject[]): Refusal | null {
  const { definition, config } = wantedBy(spec);
  const { tally } = definition;
  const fitting = subjects.filter(({ target }) => tally.fits(target));
  if (fitting.length === 0) {
    const others = Object.values(metrics).filter((other) => subjects.some(({ target }) => other.tally.fits(target)));
    const choices = others.map(({ kind }) => kind).join(', ');
    return refusal('metric-unlike-target', { kind: spec.kind, judges: term(tally.judges), choices });
  }
  return fitting.map((subject) => definition.refuses?.(subject, config) ?? null).find(Boolean) ?? null;
}
