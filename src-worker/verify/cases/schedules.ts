/** Learning rates over time, in float64; no backend takes part. */
import { schemaOf } from '../../contract/fields.ts';
import { learningRateAt } from '../../schedules/learning-rate.ts';
import { schedules } from '../../schedules/table.ts';
import type { GoldenCase } from '../golden.ts';
import { listParam, param, type Runner } from './case.ts';

type Settings = (one: GoldenCase) => Record<string, unknown>;

const warmCosine = (warmUpFromZero: boolean) => (one: GoldenCase) => ({
  kind: 'cosine',
  end: param(one, 'min_lr', 0),
  over: param(one, 'T'),
  warmUp: param(one, 'W'),
  warmUpFromZero
});

/** Their settings under our names. */
const settingsOf = {
  step: (one) => ({ kind: 'step', every: param(one, 'step_size'), factor: param(one, 'gamma') }),
  exponential: (one) => ({ kind: 'exponential', factor: param(one, 'gamma') }),
  inverse_time: (one) => ({ kind: 'inverse-time', k: param(one, 'k') }),
  polynomial: (one) => ({
    kind: 'polynomial',
    end: param(one, 'end_lr', 0),
    power: param(one, 'power', 1),
    over: param(one, 'T')
  }),
  cosine: (one) => ({ kind: 'cosine', end: param(one, 'min_lr', 0), over: param(one, 'T') }),
  warmup_cosine: warmCosine(true),
  warmup_cosine_from_one: warmCosine(false)
} satisfies Record<string, Settings>;

/** Long enough for every schedule: all of them say themselves where they end. */
const LENGTH = { stepsPerEpoch: 1_000_000, epochs: 1 };

export const schedule =
  (kind: keyof typeof settingsOf): Runner =>
  (one) => {
    const settings = settingsOf[kind](one);
    const checked = schemaOf(settings.kind, schedules[settings.kind]!.config).parse(settings);
    const base = param(one, 'base_lr');
    return { outputs: { lr: listParam<number>(one, 't').map((t) => learningRateAt(t, base, checked, LENGTH)) } };
  };
