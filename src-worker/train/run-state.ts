/**
 * The whole state of a run between two steps, and its bytes: whoever has them goes on as if nothing had happened.
 *
 * Random streams are not in it: each begins anew from the seed and the number of its step or epoch.
 *
 * Format: "CAV1", the length of a JSON text in bytes as uint32, the text, zeros up to a multiple of 4, then the arenas as float32 in the
 * order in which the text names them; all little-endian.
 */
import { z } from 'zod';
import { appointmentSchema, type Appointment } from '../contract/agenda.ts';
import { LabError } from '../contract/errors.ts';
import { experimentSchema, type Experiment } from '../contract/experiment.ts';
import { metricsSchema, settingSchema, type Metrics, type Setting } from '../contract/run.ts';
import type { Waiting } from './early-stopping.ts';

export interface Place {
  /** Steps done. */
  step: number;
  /** The epoch that is trained, from 1, and how many of its steps are done. */
  epoch: number;
  at: number;
  /** How often the run had gone back: the branch of its curve. */
  line: number;
}

export interface RunState {
  /** With all changes so far. */
  readonly experiment: Experiment;
  /** Those changes, in the order in which they were made. */
  readonly changes: readonly Setting[];
  readonly place: Place;
  readonly seconds: number;
  /** Sums of the measures over the steps of the epoch so far. */
  readonly totals: readonly number[];
  /** What came of the epochs before: of the dev set, where there is one. */
  readonly history: readonly Metrics[];
  readonly stopping: Waiting | null;
  readonly planned: readonly Appointment[];
  /** `w`, the states of the optimizer, and `best` where early stopping keeps weights. */
  readonly arenas: Readonly<Record<string, Float32Array>>;
}

const count = z.int().min(0);
const headerSchema = z.object({
  experiment: experimentSchema,
  changes: z.array(settingSchema),
  place: z.object({ step: count, epoch: z.int().min(1), at: count, line: count }),
  seconds: z.number().min(0),
  totals: z.array(z.number()),
  history: z.array(metricsSchema),
  stopping: z.object({ best: z.number().nullable(), bestEpoch: count, lastEpoch: count }).nullable(),
  planned: z.array(appointmentSchema),
  arenas: z.array(z.object({ name: z.string(), length: count }))
});

const MAGIC = 0x31564143; // "CAV1"
const PREFIX = 8;

export function toBytes({ arenas, ...rest }: RunState): Uint8Array<ArrayBuffer> {
  const named = Object.entries(arenas);
  const header = { ...rest, arenas: named.map(([name, { length }]) => ({ name, length })) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  let at = floatsFrom(text.length);
  const bytes = new Uint8Array(at + named.reduce((sum, [, values]) => sum + values.byteLength, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, text.length, true);
  bytes.set(text, PREFIX);
  for (const [, values] of named) {
    new Float32Array(bytes.buffer, at, values.length).set(values);
    at += values.byteLength;
  }
  return bytes;
}

/** Throws: `bad_checkpoint` for anything that `toBytes` did not write. */
export function fromBytes(bytes: Uint8Array): RunState {
  try {
    return read(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LabError('bad_checkpoint', 'This checkpoint cannot be read: it is damaged. Take another one.', {
      reason,
      bytes: bytes.length
    });
  }
}

function read(bytes: Uint8Array): RunState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('It does not begin as a checkpoint does.');
  const length = view.getUint32(4, true);
  const text = new TextDecoder().decode(bytes.subarray(PREFIX, PREFIX + length));
  const { arenas: named, ...header } = headerSchema.parse(JSON.parse(text));
  let at = floatsFrom(length);
  const arenas: Record<string, Float32Array> = {};
  for (const { name, length: floats } of named) {
    const values = bytes.slice(at, at + 4 * floats);
    if (values.length !== 4 * floats) throw new Error(`${name} is cut off.`);
    arenas[name] = new Float32Array(values.buffer);
    at += values.length;
  }
  return { ...header, arenas };
}

const floatsFrom = (text: number): number => Math.ceil((PREFIX + text) / 4) * 4;
