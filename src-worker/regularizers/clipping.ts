import { formula, type Recorder } from '../plan/builder.ts';
import { sizeOf, type Shape, type Tensor } from '../plan/program.ts';

const whole = (tensor: Tensor) => ({ pixels: 1, groups: 1, members: sizeOf(tensor.shape) });

/**
 * Scales gradients down so that their 2-norm is at most `limit`: g ← g · limit / max(‖g‖, limit). All together, or each tensor by itself.
 *
 * Shapes: any gradients; `scratch` makes tensors of one value.
 * Source: Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks, arXiv:1211.5063, algorithm 1.
 */
export function clipByNorm(
  record: Recorder,
  gradients: readonly Tensor[],
  { limit, per }: { limit: number; per: 'network' | 'tensor' },
  scratch: (name: string, shape: Shape) => Tensor
): void {
  const together = per === 'network' ? scratch('squares of all gradients', [1]) : null;
  const squares = gradients.map((g) => together ?? scratch(`squares of ${g.name}`, [1]));
  for (const [index, g] of gradients.entries())
    record.reduce(
      formula('squares = g^2'),
      { g, squares: squares[index]! },
      { grid: whole(g), axes: { squares: '' }, add: true }
    );
  for (const [index, g] of gradients.entries())
    record.map(
      formula('scaled = g * (limit / max(sqrt(squares), limit))'),
      { g, squares: squares[index]!, scaled: g },
      { grid: whole(g), axes: { squares: '' }, constants: { limit } }
    );
}
