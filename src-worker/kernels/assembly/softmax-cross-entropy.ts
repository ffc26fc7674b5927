import { expNegative } from './simd';

/**
 * Per example: loss = −log softmax(z)[label]; correct = 1 where the largest logit (the first of equals) is the label's, else 0;
 * and dz = (softmax(z) − onehot(label)) · weight, unless `dz` is 0. A NaN among the logits makes loss and dz NaN and correct 0.
 *
 * With e_j = e^(z_j − max z) and `rest` their sum without the largest, the loss is log(1 + rest) + max z − z[label]: log1p keeps small
 * losses exact, and nothing overflows.
 *
 * Shapes: z, dz (rows, classes); labels (rows) i32; weight, loss, correct (rows); spare (classes) for the exponentials of a row.
 * Vectors run up to 12 bytes over the end of z (read) and of `spare` (written), never of dz: another thread's rows may begin there.
 */
export function softmaxCrossEntropy(
  rows: i32,
  classes: i32,
  z: usize,
  labels: usize,
  weight: usize,
  loss: usize,
  correct: usize,
  dz: usize,
  spare: usize
): void {
  const row = (<usize>classes) << 2;
  for (let i = 0; i < rows; i++) {
    let top = load<f32>(z);
    let at: usize = 0;
    for (let j: usize = 4; j < row; j += 4) {
      const value = load<f32>(z + j);
      if (value > top) {
        top = value;
        at = j;
      }
    }
    const tops = f32x4.splat(top);
    for (let j: usize = 0; j < row; j += 16) v128.store(spare + j, expNegative(f32x4.sub(v128.load(z + j), tops)));
    let rest: f32 = 0;
    for (let j: usize = 0; j < row; j += 4) if (j != at) rest += load<f32>(spare + j);

    const label = (<usize>load<i32>(labels)) << 2;
    const value = NativeMathf.log1p(rest) + (top - load<f32>(z + label));
    store<f32>(loss, value);
    store<f32>(correct, at == label && value == value ? 1 : 0);
    if (dz) {
      const w = load<f32>(weight);
      const share = w / (1 + rest);
      for (let j: usize = 0; j < row; j += 4) store<f32>(dz + j, load<f32>(spare + j) * share);
      store<f32>(dz + label, load<f32>(dz + label) - w);
      dz += row;
    }
    z += row;
    labels += 4;
    weight += 4;
    loss += 4;
    correct += 4;
  }
}
