import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src-worker/contract/checkpoint.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { EventLog, type EventLogOptions } from '../../../src-renderer/client/event-log.ts';

const pause = (step: number): RunEvent => ({ type: 'pause', step });
const steps = (from: number, count: number): RunEvent => ({
  type: 'steps',
  from,
  loss: new Array<number>(count).fill(1),
  accuracy: new Array<number>(count).fill(1),
  seconds: 1
});
const stepOf = (event: RunEvent) => (event.type === 'pause' ? event.step : -1);

function logTo(
  append: (events: RunEvent[]) => Promise<void>,
  claim = () => Promise.resolve(),
  save: (checkpoint: Checkpoint) => Promise<void> = () => Promise.resolve(),
  reopen: EventLogOptions['reopen'] = () => Promise.reject(new LabError('run_already_ended', 'over'))
) {
  const seen = { holds: [] as boolean[], refused: null as LabError | null };
  const log = new EventLog({
    append,
    save,
    reopen,
    claim,
    ready: () => Promise.resolve(),
    onHold: (hold) => seen.holds.push(hold),
    onRefused: (error) => (seen.refused = error)
  });
  return { log, seen };
}

describe('the way of events to the store', () => {
  it('keeps their order, one call at a time', async () => {
    const stored: number[] = [];
    let calls = 0;
    const { log } = logTo(async (events) => {
      expect(++calls).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      stored.push(...events.map(stepOf));
      calls -= 1;
    });
    for (let step = 0; step < 20; step++) {
      log.push([pause(step)]);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await log.drained();
    expect(stored).toEqual(Array.from({ length: 20 }, (_, step) => step));
  });

  it('sends the same batch again after a broken connection', async () => {
    const batches: number[][] = [];
    const { log } = logTo(async (events) => {
      batches.push(events.map(stepOf));
      if (batches.length === 1) throw new Error('The connection broke.');
    });
    log.push([pause(1), pause(2)]);
    await log.drained();
    expect(batches).toEqual([[1, 2], [1, 2]]); // prettier-ignore
  });

  it('brings a checkpoint behind the events before it and before those after it, and of several that wait the last', async () => {
    const calls: string[] = [];
    const { log } = logTo(
      async (events) => void calls.push(`append ${events.map(stepOf).join()}`),
      async () => undefined,
      async ({ number }) => void calls.push(`save ${number}`)
    );
    const checkpoint = (number: number, why: Checkpoint['why'] = 'time'): Checkpoint => {
      return { number, step: number, epoch: 0, line: 0, changes: 0, why, seconds: 0 };
    };
    log.push([pause(1)]);
    log.keep(checkpoint(1), new Uint8Array(4));
    log.keep(checkpoint(2, 'hand'), new Uint8Array(4));
    log.keep(checkpoint(3, 'best'), new Uint8Array(4));
    log.push([pause(2)]);
    log.keep(checkpoint(4), new Uint8Array(4));
    await log.drained();
    expect(calls).toEqual(['append 1', 'save 2', 'save 3', 'append 2', 'save 4']);
  });

  it('tries a checkpoint again, and gives up only one that is refused, not the run', async () => {
    const saved: number[] = [];
    let tries = 0;
    const { log, seen } = logTo(
      async () => undefined,
      async () => undefined,
      async ({ number }) => {
        tries += 1;
        if (tries === 1) throw new LabError('internal', 'away');
        if (number === 1) throw new LabError('bad_request', 'too large');
        saved.push(number);
      }
    );
    const about = { step: 1, epoch: 0, line: 0, changes: 0, why: 'hand', seconds: 0 } as const;
    log.keep({ number: 1, ...about }, new Uint8Array(4));
    log.keep({ number: 2, ...about }, new Uint8Array(4));
    await log.drained();
    expect([saved, tries, seen.refused]).toEqual([[2], 3, null]);
  });

  it('goes on with a run that the store took for cut off, with what it does not have yet', async () => {
    const batches: RunEvent[][] = [];
    const event: RunEvent = { type: 'reopen', step: 6, backend: 'wasm', detail: 'SIMD', threads: 1 };
    let reopened = 0;
    const { log, seen } = logTo(
      async (events) => {
        if (reopened === 0) throw new LabError('run_already_ended', 'cut off');
        batches.push(events);
      },
      undefined,
      undefined,
      async () => {
        reopened += 1;
        return { steps: 6, epochs: 0, event };
      }
    );
    log.push([steps(1, 4), steps(5, 4)]);
    await log.drained();
    log.push([pause(8)]);
    await log.drained();
    expect(batches).toEqual([[event, steps(7, 2)], [pause(8)]]);
    expect([reopened, seen.refused]).toEqual([1, null]);
  });

  it('gives a run up that is over', async () => {
    const over = async () => {
      throw new LabError('run_already_ended', 'over');
    };
    const { log, seen } = logTo(over);
    log.push([pause(1)]);
    await log.drained();
    expect(seen.refused).toMatchObject({ code: 'run_already_ended' });
  });

  it('claims the run also when there is nothing to tell', async () => {
    const calls: string[] = [];
    const { log } = logTo(
      async () => void calls.push('append'),
      async () => void calls.push('claim')
    );
    log.claim();
    await log.drained();
    expect(calls).toEqual(['claim']);
  });

  it('claims the run on the new connection before it appends what the old one did not take', async () => {
    const calls: string[] = [];
    let isBroken = true;
    const meet = async (call: string) => {
      calls.push(call);
      if (isBroken) throw new Error('The connection broke.');
    };
    const { log } = logTo(
      (events) => meet(`append ${events.map(stepOf).join()}`),
      () => meet('claim')
    );
    log.push([pause(1)]);
    await expect.poll(() => calls).toEqual(['append 1']);
    log.claim();
    await expect.poll(() => calls, { timeout: 3000 }).toEqual(['append 1', 'claim']);
    isBroken = false;
    await log.drained();
    expect(calls).toEqual(['append 1', 'claim', 'claim', 'append 1']);
  });

  it('stops at once when the store refuses the run, and says so', async () => {
    let calls = 0;
    const { log, seen } = logTo(async () => {
      calls += 1;
      throw new LabError('run_already_ended', 'Run 1 has already ended.');
    });
    log.push([pause(1)]);
    await log.drained();
    log.push([pause(2)]);
    await log.drained();
    expect(calls).toBe(1);
    expect(seen.refused?.code).toBe('run_already_ended');
  });

  it('asks the run to wait while too much is waiting here', async () => {
    const { promise: open, resolve } = Promise.withResolvers<null>();
    let stored = 0;
    const { log, seen } = logTo(async (events) => {
      await open;
      for (const event of events) stored += event.type === 'steps' ? event.loss.length : 0;
    });
    for (let i = 0; i < 21; i++) log.push([steps(1 + i * 50_000, 50_000)]);
    expect(seen.holds).toEqual([true]);
    resolve(null);
    await log.drained();
    expect(seen.holds).toEqual([true, false]);
    expect(stored).toBe(21 * 50_000);
  });
});
