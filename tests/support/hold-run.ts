/** A process with a run that it never ends: prints the run's number and waits to be killed. Arguments: the database. */
import { openStore } from '../../src-main/store/store.ts';
import { presetExperiment } from './presets.ts';
import { epochEvent, startEvent, stepsEvent } from './run-events.ts';

const store = await openStore(process.argv[2]!);
const id = store.createRun(presetExperiment('xor'));
store.appendEvents(id, [startEvent, stepsEvent(1, [0.9, 0.8, 0.7, 0.6]), epochEvent(1, 0.5), stepsEvent(5, [0.5])]);
console.log(id);
setInterval(() => undefined, 1000);
