/** Checkpoints between the page and its host: as bytes, beside the calls of the LabApi, because they are large. */
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import { LabError, reviveError, type FlatError } from '../../src-worker/contract/errors.ts';
import { CHECKPOINT_HEADER, checkpointsUrl, checkpointUrl, CLAIM_HEADER } from '../../src-worker/contract/transport.ts';

/** Throws: what the host answers, `internal` where it does not answer. */
export async function sendCheckpoint(
  run: number,
  claim: string,
  checkpoint: Checkpoint,
  state: Uint8Array<ArrayBuffer>
): Promise<void> {
  const headers = { [CHECKPOINT_HEADER]: JSON.stringify(checkpoint), [CLAIM_HEADER]: claim };
  await ask(checkpointsUrl(run), { method: 'POST', headers, body: state });
}

/** Throws: `checkpoint_not_found`, `run_not_found`, `internal`. */
export async function fetchCheckpoint(run: number, number: number): Promise<Uint8Array> {
  return new Uint8Array(await (await ask(checkpointUrl(run, number))).arrayBuffer());
}

async function ask(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new LabError('internal', 'The lab does not answer.', { url, reason: String(error) });
  });
  if (response.ok) return response;
  const flat = (await response.json().catch(() => null)) as FlatError | null;
  throw flat?.code
    ? reviveError(flat)
    : new LabError('internal', `The lab answered with HTTP ${response.status}.`, { url });
}
