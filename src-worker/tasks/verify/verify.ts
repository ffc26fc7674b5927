/** Golden cases on one backend. */
import type { Backend } from '../../backends/backend.ts';
import { backends } from '../../backends/table.ts';
import { wasmBackend } from '../../backends/wasm/wasm.ts';
import { LabError } from '../../contract/errors.ts';
import type { VerifiedBackend, VerifyRequest, VerifyResult } from '../../contract/verify.ts';
import { badFile, readGolden, type GoldenFile } from '../../verify/golden.ts';
import { verify as verifyAll } from '../../verify/verify.ts';
import type { TaskHost } from '../task.ts';

/** Throws: `bad_golden_file`, `backend_unavailable`. */
export async function verify(request: VerifyRequest, host: TaskHost): Promise<VerifyResult> {
  const files = request.files.map(readFile);
  const backend = await backendOf(request.backend);
  return verifyAll({ backend, host, threads: request.threads, files }, ({ name }, done, total) =>
    host.progress({ share: done / total, what: name })
  );
}

function readFile({ file, text, cases }: VerifyRequest['files'][number]): GoldenFile {
  const golden = readGolden(file, text);
  if (cases !== null && golden.cases.length !== cases)
    throw badFile(file, `has ${golden.cases.length} cases, but its index says ${cases}`);
  return golden;
}

async function backendOf(name: VerifiedBackend): Promise<Backend> {
  const found = variants[name]?.() ?? backends.find((backend) => backend.name === name)!;
  const reason = await found.unavailable('asked');
  if (reason !== null)
    throw new LabError('backend_unavailable', `${name} cannot run here: ${reason}.`, { backend: name });
  return found;
}

const variants: Partial<Record<VerifiedBackend, () => Backend>> = {
  'wasm-simd': () => wasmBackend({ variant: 'simd' }),
  'wasm-relaxed': () => wasmBackend({ variant: 'relaxed' })
};
