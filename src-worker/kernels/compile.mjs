/**
 * Compiles the kernels from AssemblyScript to WebAssembly, once with portable SIMD and once with relaxed SIMD (fused multiply-add),
 * and writes both as base64 into compiled.gen.ts, so that no host has to find or serve a file. Does nothing while the sources are
 * unchanged.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = import.meta.dirname;
const sources = join(here, 'assembly');
const target = join(here, 'compiled.gen.ts');

/** One memory, given by the caller; shared, so that threads can use it (backends/wasm/kernels.ts makes it private where they cannot). */
const options = [
  'index.ts',
  ...['-O3', '--noAssert', '--runtime', 'stub', '--disableWarning=AS112'],
  ...['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '2', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads']
];
const variants = { simd: [], relaxed: ['--enable', 'relaxed-simd'] };

function hashOfSources() {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  return hash.digest('hex');
}

async function compile(asc, flags) {
  let bytes;
  const { error, stderr } = await asc.main([...options, ...flags, '--outFile', 'kernels.wasm'], {
    readFile: (name, folder) =>
      existsSync(join(sources, folder, name)) ? readFileSync(join(sources, folder, name), 'utf8') : null,
    writeFile: (_, contents) => void (bytes = contents),
    listFiles: () => []
  });
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${stderr.toString()}`);
  return Buffer.from(bytes).toString('base64');
}

const stamp = `// sources ${hashOfSources()}`;
if (!existsSync(target) || !readFileSync(target, 'utf8').startsWith(stamp)) {
  const { default: asc } = await import('assemblyscript/asc');
  const exports = [];
  for (const [name, flags] of Object.entries(variants))
    exports.push(`export const ${name} = '${await compile(asc, flags)}';`);
  writeFileSync(target, `${stamp}\n/** Written by compile.mjs. */\n${exports.join('\n')}\n`);
}
