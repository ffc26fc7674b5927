/** `--at "epoch=2 training.optimizer.learningRate=1e-4"`: changes on the way of a run, known before it begins. */
import type { Appointment } from '../../../src-worker/contract/agenda.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { describeProblem } from '../../../src-worker/contract/problems.ts';
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { liveSettingOf, liveSettings } from '../../../src-worker/graph/live-settings.ts';
import { parseSetting, type Setting } from './read-experiment.ts';

/** Throws: `invalid_argument` saying what is wrong with the first that cannot be. */
export function appointmentsAt(
  texts: readonly string[],
  experiment: Experiment,
  datasets: readonly DatasetInfo[]
): Appointment[] {
  let changed = experiment;
  return texts.flatMap((text) => {
    const { when, settings } = parse(text);
    return settings.map(({ path, value }): Appointment => {
      if (!liveSettingOf(experiment, path)) throw notLive(text, path, experiment);
      const checked = checkExperiment(setPath(changed, path, value), datasets);
      if (!checked.experiment) throw wrong(text, describeProblem(checked.problems[0]!));
      changed = checked.experiment;
      return { ...when, act: { kind: 'change', path, value: value as never } };
    });
  });
}

/** `step=N`: the N-th step is the first with the new value. */
function parse(text: string): { when: Pick<Appointment, 'step' | 'epoch'>; settings: Setting[] } {
  const [, unit, digits, rest = ''] = /^\s*(epoch|step)\s*=\s*(\d+)\s+(.+)$/s.exec(text) ?? [];
  const number = Number(digits);
  if (!unit || !Number.isSafeInteger(number) || number < 1)
    throw wrong(text, 'It begins with epoch=N or step=N, from 1; then come the changes, path=value.');
  // A value may be JSON with spaces in it: a change begins where a word with = does.
  const settings = rest.trim().split(/\s+(?=[A-Za-z][\w.*-]*=)/);
  return { when: unit === 'step' ? { step: number - 1 } : { epoch: number }, settings: settings.map(parseSetting) };
}

function notLive(text: string, path: string, experiment: Experiment): LabError {
  const known = liveSettings(experiment).map((setting) => setting.path);
  return wrong(text, `${path} cannot change while a run trains. These can: ${known.join(', ')}.`);
}

const wrong = (text: string, why: string): LabError =>
  new LabError(
    'invalid_argument',
    `--at "${text}": ${why} Example: --at "epoch=2 training.optimizer.learningRate=1e-4"`,
    {
      option: 'at',
      value: text
    }
  );
