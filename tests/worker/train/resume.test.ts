import { describe, expect, it } from 'vitest';
import type { Appointment } from '../../../src-worker/contract/agenda.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import type { BackendRequest, RunEvent } from '../../../src-worker/contract/run.ts';
import type { RunMessage } from '../../../src-worker/contract/thread.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { presetSpec } from '../../support/datasets.ts';
import { nodeHost } from '../../support/node-host.ts';
import { trainHere } from '../../support/train-here.ts';
import { xor } from '../../support/train-xor.ts';

/** All that remembers anything: moments, running averages, chance, a schedule that listens, early stopping. */
function experimentWith(changes: Record<string, unknown> = {}): Experiment {
  const { nodes } = presetSpec('xor').network;
  const [input, hidden, activation, out] = nodes;
  const chain = [
    input,
    hidden,
    { id: 'bn', kind: 'batch-norm' },
    activation,
    { id: 'drop', kind: 'dropout', rate: 0.2 },
    out
  ];
  const ids = chain.map((node) => node!.id);
  let spec: unknown = presetSpec('xor');
  for (const [path, value] of Object.entries({
    'network.nodes': chain,
    'network.edges': ids.slice(1).map((id, i) => [ids[i], id]),
    'training.optimizer': { kind: 'adam', learningRate: 0.02 },
    'training.schedule': { kind: 'reduce-on-plateau', patience: 1, factor: 0.5 },
    'training.earlyStopping': { monitor: 'dev.loss', patience: 30, restoreBest: true },
    'training.batchSize': 32,
    'training.epochs': 6,
    ...changes
  }))
    spec = setPath(spec, path, value);
  const { experiment, problems } = checkExperiment(spec, [xor.info]);
  if (!experiment) throw new Error(JSON.stringify(problems));
  return experiment;
}

const at = (step: number, act: Appointment['act']): Appointment => ({ step, act });
const checkpointAt = (step: number) => at(step, { kind: 'checkpoint' });
const changeAt = (step: number, path: string, value: number | object): Appointment =>
  at(step, { kind: 'change', path, value: value as never });

const messageOf = (experiment: Experiment, more: Partial<RunMessage> = {}): Omit<RunMessage, 'type'> => {
  return { experiment, dataset: xor, backend: 'wasm', threads: 1, ...more };
};

/** What a run measures, apart from the time it takes. */
const measured = (events: readonly RunEvent[]) => ({
  losses: events.flatMap((event) => (event.type === 'steps' ? event.loss : [])),
  epochs: events.flatMap((event) => (event.type === 'epoch' ? [{ ...event, seconds: 0 }] : [])),
  end: events.flatMap((event) => (event.type === 'end' ? [{ ...event, seconds: 0 }] : []))
});

const machines: { backend: BackendRequest; threads: number }[] = [
  { backend: 'reference', threads: 1 },
  { backend: 'wasm', threads: 1 },
  { backend: 'wasm', threads: 2 }
];

describe.each(machines)('a run on $backend, threads: $threads', ({ backend, threads }) => {
  const host = nodeHost(2);
  const train = (experiment: Experiment, more: Partial<RunMessage> = {}) =>
    trainHere(messageOf(experiment, { backend, threads, ...more }), { host });

  it('goes on from any checkpoint as if nothing had happened', async () => {
    const experiment = experimentWith();
    const whole = await train(experiment);
    // In the middle of an epoch, at the end of one, before the first step.
    for (const step of [0, 1, 37, 52, 100]) {
      const { checkpoints } = await train(experiment, { agenda: [checkpointAt(step)] });
      const { state } = checkpoints.find(({ checkpoint }) => checkpoint.step === step)!;
      const epochs = Math.floor(step / 25);
      const resumed = await train(experiment, {
        begin: { state, isOwn: true, checkpoints: 1, resume: { steps: step, epochs, line: 0 } }
      });
      const [all, later] = [measured(whole.events), measured(resumed.events)];
      expect(resumed.events[0]).toMatchObject({ type: 'reopen', step });
      expect(later.losses).toEqual(all.losses.slice(step));
      expect(later.epochs).toEqual(all.epochs.slice(epochs));
      expect(later.end).toEqual(all.end);
    }
  });

  it('does again unseen what is on record behind the checkpoint, its changes too', async () => {
    const experiment = experimentWith();
    const change = changeAt(60, 'training.optimizer.learningRate', 0.001);
    const whole = await train(experiment, { agenda: [checkpointAt(40), change] });
    const { state } = whole.checkpoints.find(({ checkpoint }) => checkpoint.step === 40)!;
    const begin = { state, isOwn: true, checkpoints: 3, resume: { steps: 90, epochs: 3, line: 0 } };
    const resumed = await train(experiment, { begin, record: [change] });
    const [all, later] = [measured(whole.events), measured(resumed.events)];
    expect(later.losses).toEqual(all.losses.slice(90));
    expect(later.epochs).toEqual(all.epochs.slice(3));
    expect(resumed.events.filter(({ type }) => type === 'change')).toEqual([]);
    expect(resumed.checkpoints[0]!.checkpoint.number).toBe(4);
  });

  it('goes on also where it was cut off before its first checkpoint', async () => {
    const experiment = experimentWith();
    const change = changeAt(20, 'training.optimizer.beta1', 0.5);
    const whole = measured((await train(experiment, { agenda: [change] })).events);
    const begin = { state: null, isOwn: false, checkpoints: 0, resume: { steps: 45, epochs: 1, line: 0 } };
    const resumed = measured((await train(experiment, { begin, record: [change] })).events);
    expect(resumed.losses).toEqual(whole.losses.slice(45));
    expect(resumed.epochs).toEqual(whole.epochs.slice(1));
  });

  it('keeps what was planned for later', async () => {
    const experiment = experimentWith();
    const agenda = [checkpointAt(10), changeAt(80, 'training.regularize.l2', 0.1)];
    const whole = await train(experiment, { agenda });
    const { state } = whole.checkpoints.find(({ checkpoint }) => checkpoint.step === 10)!;
    const resumed = await train(experiment, {
      begin: { state, isOwn: true, checkpoints: 1, resume: { steps: 10, epochs: 0, line: 0 } }
    });
    expect(resumed.events.find(({ type }) => type === 'change')).toMatchObject({ step: 81, to: 0.1 });
    expect(measured(resumed.events).losses).toEqual(measured(whole.events).losses.slice(10));
  });
});

describe('a change while a run trains', () => {
  it.each([
    ['training.optimizer.learningRate', 0.001],
    ['training.optimizer.beta1', 0.5],
    ['training.schedule', { kind: 'exponential', factor: 0.5 }],
    ['training.regularize.l2', 0.3],
    ['training.clip', { kind: 'norm', limit: 0.01 }],
    ['network.nodes.drop.rate', 0.7],
    ['data.augment', [{ kind: 'noise', deviation: 0.5 }]]
  ])('of %s counts from the very step on', async (path, value) => {
    const plain = await trainHere(messageOf(experimentWith()));
    const changed = await trainHere(messageOf(experimentWith(), { agenda: [changeAt(30, path, value)] }));
    expect(changed.events.find(({ type }) => type === 'refused')).toBeUndefined();
    expect(changed.events.find(({ type }) => type === 'change')).toMatchObject({ step: 31, path });
    const [before, after] = [measured(plain.events).losses, measured(changed.events).losses];
    expect(after).toHaveLength(before.length);
    expect(after.slice(0, 30)).toEqual(before.slice(0, 30));
    expect(after.slice(32)).not.toEqual(before.slice(32));
  });

  it('of the batch size waits for the next epoch, and moves no schedule', async () => {
    const schedule = { kind: 'step', every: 4, factor: 0.1 };
    const experiment = experimentWith({ 'training.schedule': schedule });
    const agenda = [changeAt(30, 'training.batchSize', 80)];
    const { events } = await trainHere(messageOf(experiment, { agenda }));
    expect(events.find(({ type }) => type === 'change')).toMatchObject({ step: 51, from: 32, to: 80 });
    const steps = events.flatMap((event) => (event.type === 'epoch' ? [event.step] : []));
    expect(steps).toEqual([25, 50, 60, 70, 80, 90]);
  });

  it('of the number of epochs makes a run longer or shorter', async () => {
    const longer = await trainHere(messageOf(experimentWith(), { agenda: [changeAt(140, 'training.epochs', 8)] }));
    expect(longer.events.filter(({ type }) => type === 'epoch')).toHaveLength(8);
    const shorter = await trainHere(messageOf(experimentWith(), { agenda: [changeAt(30, 'training.epochs', 1)] }));
    expect(shorter.events.filter(({ type }) => type === 'epoch')).toHaveLength(2);
    expect(shorter.events.at(-1)).toMatchObject({ status: 'completed' });
  });

  it('by epoch counts when that epoch begins', async () => {
    const act = { kind: 'change', path: 'training.optimizer.learningRate', value: 0.5 } as const;
    const { events } = await trainHere(messageOf(experimentWith(), { agenda: [{ epoch: 3, act }] }));
    expect(events.find(({ type }) => type === 'change')).toMatchObject({ step: 51, from: 0.02, to: 0.5 });
  });

  it.each([
    ['network.nodes.h1.units', 5, 'takes a new run'],
    ['training.optimizer.learningRate', -1, 'learningRate'],
    ['training.optimizer.learningRat', 1, 'new run'],
    ['training.batchSize', 0.5, 'batchSize']
  ])('of %s to %s is refused, and the run goes on unchanged', async (path, value, why) => {
    const plain = await trainHere(messageOf(experimentWith()));
    const changed = await trainHere(messageOf(experimentWith(), { agenda: [changeAt(25, path, value)] }));
    const refused = changed.events.find((event) => event.type === 'refused')!;
    expect(refused).toMatchObject({ act: { path, value }, step: 25 });
    expect(refused.why).toContain(why);
    expect(measured(changed.events)).toEqual(measured(plain.events));
  });
});

describe('going back', () => {
  it('to a checkpoint repeats the steps behind it to the last bit, with the settings of that moment', async () => {
    const plain = measured((await trainHere(messageOf(experimentWith()))).events).losses;
    const agenda = [
      changeAt(50, 'training.optimizer.learningRate', 0.0001),
      at(70, { kind: 'back', to: 40, line: 0, checkpoint: 1 })
    ];
    const { events, checkpoints } = await trainHere(messageOf(experimentWith(), { record: agenda }));
    expect(events.find(({ type }) => type === 'back')).toEqual({
      ...{ type: 'back', step: 70, to: 40, epoch: 1, line: 0, checkpoint: 1, changes: [] }
    });
    expect(checkpoints.find(({ checkpoint }) => checkpoint.why === 'back')!.checkpoint).toMatchObject({
      step: 40,
      line: 1
    });
    const losses = measured(events).losses;
    expect(losses.slice(70)).toEqual(plain.slice(40));
    expect(losses.slice(51, 70)).not.toEqual(plain.slice(51, 70));
    expect(events.filter((event) => event.type === 'epoch').map(({ epoch }) => epoch)).toEqual([1, 2, 2, 3, 4, 5, 6]);
  });

  it('works by hand while the run is paused, with the bytes of the checkpoint', async () => {
    const experiment = experimentWith();
    const first = await trainHere(messageOf(experiment, { agenda: [checkpointAt(30)] }));
    const { state } = first.checkpoints.find(({ checkpoint }) => checkpoint.step === 30)!;
    let isBack = false;
    const { events } = await trainHere(messageOf(experiment, { agenda: [at(60, { kind: 'pause' })] }), {
      onMessage(more, receive) {
        if (isBack || !more.some(({ type }) => type === 'pause')) return;
        isBack = true;
        receive({ type: 'act', act: { kind: 'back', to: 30, line: 0, checkpoint: 1 }, state });
        setTimeout(() => receive({ type: 'resume' }), 20);
      }
    });
    expect(events.flatMap(({ type }) => (type === 'steps' || type === 'epoch' ? [] : [type]))).toEqual([
      ...['start', 'pause', 'back', 'resume', 'end']
    ]);
    const losses = measured(events).losses;
    expect(losses.slice(60)).toEqual(measured(first.events).losses.slice(30));
  });

  it('is refused in words where the checkpoint is damaged, and the run goes on', async () => {
    const { events } = await trainHere(messageOf(experimentWith()), {
      meanwhile: (receive) =>
        receive({ type: 'act', act: { kind: 'back', to: 0, line: 0, checkpoint: 1 }, state: new Uint8Array(20) })
    });
    expect(events.find((event) => event.type === 'refused')!.why).toContain('damaged');
    expect(measured(events)).toEqual(measured((await trainHere(messageOf(experimentWith()))).events));
  });
});

describe('one step at a time', () => {
  it('trains a single mini-batch and pauses again', async () => {
    let pauses = 0;
    const { events } = await trainHere(messageOf(experimentWith(), { agenda: [at(10, { kind: 'pause' })] }), {
      onMessage(more, receive) {
        if (!more.some(({ type }) => type === 'pause')) return;
        pauses += 1;
        if (pauses <= 3) receive({ type: 'step' });
        else if (pauses === 4) receive({ type: 'until', epoch: 2 });
        else receive({ type: 'stop' });
      }
    });
    expect(events.flatMap((event) => (event.type === 'pause' ? [event.step] : []))).toEqual([10, 11, 12, 13, 50]);
  });
});
