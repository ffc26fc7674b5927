import { describe, expect, it } from 'vitest';
import type { Backend, Engine, PrepareOptions } from '../../../src-worker/backends/backend.ts';
import { reference } from '../../../src-worker/backends/reference/reference.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { BackendName, RunEvent } from '../../../src-worker/contract/run.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { FailoverEngine } from '../../../src-worker/train/failover.ts';
import { endOf, lossesOf, ticking, trainXor, type Given } from '../../support/train-xor.ts';

interface Fault {
  /** The device is lost in the call of `train` that holds this step, behind the steps of that call that come before it. */
  atStep?: number;
  /** It is lost at this evaluation, counted from 1, when its first outputs have been shown. */
  atEvaluation?: number;
  /** Whether its arenas can be read afterwards. */
  tells: boolean;
  maxSteps?: number;
}

const lost = () => new LabError('backend_unavailable', 'The GPU context was lost.');

/** The reference backend under another name, on a device that breaks. */
function breaking(name: BackendName, { atStep, atEvaluation, tells, maxSteps = Infinity }: Fault): Backend {
  return {
    ...reference,
    name,
    unavailable: () => Promise.resolve(null),
    async prepare(options) {
      const engine = await reference.prepare(options);
      const names = ['w', ...options.plan.states];
      let before: Record<string, Float32Array> | null = null;
      let evaluations = 0;
      return {
        ...{ backend: name, detail: 'breaks', threads: 1, maxSteps },
        async train(batches, sums) {
          if (before) throw lost();
          const { firstStep, steps } = batches;
          if (atStep === undefined || atStep < firstStep || atStep >= firstStep + steps)
            return engine.train(batches, sums);
          before = {};
          for (const arena of names) before[arena] = await engine.read(arena);
          await engine.train({ ...batches, steps: atStep - firstStep }, sums);
          throw lost();
        },
        async evaluate(rows, visit) {
          evaluations += 1;
          const sums = await engine.evaluate(rows, visit);
          if (evaluations !== atEvaluation) return sums;
          before = {};
          for (const arena of names) before[arena] = await engine.read(arena);
          throw lost();
        },
        async read(arena) {
          if (before && !tells) throw lost();
          return before?.[arena] ?? engine.read(arena);
        },
        write: (arena, values) => engine.write(arena, values),
        close: () => engine.close()
      };
    }
  };
}

/** xor with momentum, whose state must come along. */
function trainOver(backends: readonly Backend[], given: Given = {}): Promise<RunEvent[]> {
  return trainXor({
    ...given,
    async engineOf(prepare: PrepareOptions, emit): Promise<Engine> {
      const arenas = Object.fromEntries(
        prepare.plan.states.map((name) => [name, new Float32Array(prepare.plan.arena)])
      );
      const initial = initialParameters(prepare.plan, prepare.plan.seed);
      const engine = await backends[0]!.prepare(prepare);
      return new FailoverEngine({
        ...{ engine, arenas: { w: initial, ...arenas }, backends, prepare, wasAsked: false },
        onMove: (moved) => emit({ type: 'backend', ...moved })
      });
    }
  });
}

const epochsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'epoch' ? [{ train: event.train, dev: event.dev }] : []));
const movesOf = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'backend');

describe('a run whose device is lost', async () => {
  const straight = await trainXor({ nowMs: ticking(0) });

  it.each([
    ['can still tell its numbers', true],
    ['tells nothing any more', false]
  ])('goes on as if nothing had happened when the device %s', async (_, tells) => {
    for (const atStep of [1, 57, 81, 200]) {
      const events = await trainOver([breaking('webgpu', { atStep, tells }), reference], { nowMs: ticking(0) });
      expect(lossesOf(events)).toEqual(lossesOf(straight));
      expect(epochsOf(events)).toEqual(epochsOf(straight));
      expect(endOf(events)).toMatchObject({ status: 'completed', test: endOf(straight).test });
      const [move, ...more] = movesOf(events);
      expect(more).toEqual([]);
      expect(move).toMatchObject({ backend: 'reference', detail: 'plain loops, float32', threads: 1 });
      expect(move!.why).toMatch(/webgpu was lost \(The GPU context was lost\.\); the run goes on .* on reference/);
      expect(move!.step).toBeLessThan(atStep);
    }
  });

  it('is measured once where the device is lost in an evaluation', async () => {
    const events = await trainOver([breaking('webgpu', { atEvaluation: 2, tells: true }), reference], {
      nowMs: ticking(0)
    });
    expect(epochsOf(events)).toEqual(epochsOf(straight));
    expect(endOf(events).reports).toEqual(endOf(straight).reports);
    expect(movesOf(events)).toHaveLength(1);
  });

  it('goes down the list, past what is not there, and cuts its calls for engines that take fewer steps', async () => {
    const events = await trainOver(
      [
        breaking('webgpu', { atStep: 30, tells: true }),
        { ...reference, name: 'webgl2', unavailable: () => Promise.resolve('a software GPU') },
        breaking('wasm', { atStep: 100, tells: false, maxSteps: 3 }),
        reference
      ],
      { nowMs: ticking(0) }
    );
    expect(lossesOf(events)).toEqual(lossesOf(straight));
    expect(movesOf(events).map(({ backend }) => backend)).toEqual(['wasm', 'reference']);
  });

  it('keeps the weights that early stopping has put back', async () => {
    const changes = {
      'training.earlyStopping': { monitor: 'dev.loss', patience: 1, restoreBest: true, minDelta: 0.2 }
    };
    const whole = await trainXor({ changes });
    const evaluations = epochsOf(whole).length;
    const events = await trainOver([breaking('webgpu', { atEvaluation: evaluations + 1, tells: false }), reference], {
      changes
    });
    expect(endOf(whole).best).toMatchObject({ restored: true });
    expect(endOf(events).test).toEqual(endOf(whole).test);
    expect(movesOf(events)).toHaveLength(1);
  });

  it('fails with the first cause where no other backend is left', async () => {
    await expect(trainOver([breaking('webgpu', { atStep: 5, tells: true })])).rejects.toThrow('context was lost');
  });
});
