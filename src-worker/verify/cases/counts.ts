/** Parameter counts, tables of networks, output sizes and borders, from the layers' own rules; no backend takes part. */
import type { NodeSpec } from '../../contract/experiment.ts';
import { schemaOf, type Kinded } from '../../contract/fields.ts';
import { resolveNetwork, type ResolvedLayer } from '../../graph/resolve-network.ts';
import { layers } from '../../layers/table.ts';
import { windowOver, type WindowConfig } from '../../layers/window.ts';
import { sizeOf, windowsOver, type Shape } from '../../plan/program.ts';
import { listParam, param, Unsupported, type Runner } from './case.ts';

/** Layers one after another behind an input. Throws when they do not fit. */
function resolve(chain: readonly Kinded[], inputShape: Shape): readonly ResolvedLayer[] {
  const nodes = [{ kind: 'input' }, ...chain].map(({ kind, ...settings }, at): NodeSpec => ({
    ...schemaOf(kind, layers[kind]!.config).parse({ kind, ...settings }),
    id: `n${at}`
  }));
  const edges = nodes.slice(1).map(({ id }, at): [string, string] => [`n${at}`, id]);
  const { layers: resolved, problems } = resolveNetwork({ nodes, edges }, inputShape);
  if (problems.length > 0) throw new Error(problems[0]!.why);
  return resolved;
}

/** Running statistics are kept, not learned. */
const learned = ({ parameters }: ResolvedLayer): number =>
  Object.values(parameters)
    .filter(({ role }) => role !== 'statistic')
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);

export const parameterCount: Runner = (one) => {
  const { params } = one;
  const bias = (params['bias'] as boolean | undefined) ?? true;
  const count = (layer: Kinded, shape: Shape) => ({
    outputs: { parameters: [learned(resolve([layer], shape).at(-1)!)] }
  });
  if ('filters' in params) {
    const kernel = params['kernel'] as number | [number, number];
    const [height, width] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
    const layer = { kind: 'conv2d', filters: params['filters'], kernel: height, kernelWidth: width, bias };
    return count(layer, [height, width, param(one, 'in_channels')]);
  }
  if ('channels' in params) return count({ kind: 'batch-norm' }, [param(one, 'channels')]);
  return count({ kind: 'dense', units: param(one, 'out'), bias }, [param(one, 'in')]);
};

/** `conv1 f5 s1 8`, `pool1 f2 s2`, `fc3 120`, `softmax 10`: a flatten layer comes in where images meet a dense layer. */
export const networkTable: Runner = (one) => {
  const [channels, height, width] = listParam<number>(one, 'input_chw') as [number, number, number];
  const chain: Kinded[] = [];
  for (const text of listParam<string>(one, 'layers')) {
    const layer = rowOf(text);
    if (layer.kind === 'dense' && !chain.some(({ kind }) => kind === 'dense')) chain.push({ kind: 'flatten' });
    chain.push(layer);
  }
  const rows = resolve(chain, [height, width, channels]).filter(({ definition }) => definition.kind !== 'flatten');
  const parameters = rows.map(learned);
  return {
    outputs: {
      sizes: rows.map(({ outputShape }) => sizeOf(outputShape)),
      parameters,
      total_parameters: [parameters.reduce((sum, count) => sum + count, 0)]
    }
  };
};

function rowOf(text: string): Kinded {
  const [name, ...rest] = text.split(' ');
  const setting = (letter: string, standard: number) =>
    Number(rest.find((word) => new RegExp(`^${letter}\\d+$`).test(word))?.slice(1) ?? standard);
  const kernel = setting('f', 1);
  const stride = setting('s', /pool/.test(name!) ? kernel : 1);
  const window = { kernel, stride, padding: 'explicit', pad: setting('p', 0) };
  const last = Number(rest.at(-1));
  if (/^conv/.test(name!)) return { kind: 'conv2d', filters: last, ...window };
  if (/^avgpool/.test(name!)) return { kind: 'average-pool', ...window };
  if (/^(max)?pool/.test(name!)) return { kind: 'max-pool', ...window };
  if (/^(fc|dense|softmax)/.test(name!)) return { kind: 'dense', units: last };
  throw new Unsupported(`no layer here is known as “${text}”`);
}

/** Rows [n, f, p, s]: length, window, border and stride. */
export const outputSize: Runner = (one) => ({
  outputs: {
    size: listParam<number[]>(one, 'nfps').map(([n, f, p, s]) => {
      const config: WindowConfig = {
        kernel: f!,
        kernelWidth: 0,
        stride: s!,
        strideWidth: 0,
        padding: 'explicit',
        pad: p!
      };
      return windowsOver([n!, n!, 1], windowOver([n!, n!, 1], config))[0];
    })
  }
});

/** Rows [n, f, s]. */
export const samePadding: Runner = (one) => ({
  outputs: {
    before_after_out: listParam<number[]>(one, 'nfs').flatMap(([n, f, s]) => {
      const config: WindowConfig = { kernel: f!, kernelWidth: 0, stride: s!, strideWidth: 0, padding: 'same', pad: 0 };
      const window = windowOver([n!, n!, 1], config);
      return [window.pad[0], window.pad[1], windowsOver([n!, n!, 1], window)[0]];
    })
  }
});
