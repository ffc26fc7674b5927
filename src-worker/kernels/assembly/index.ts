/**
 * The kernels of the wasm backend, in AssemblyScript: loops over a linear memory that somebody else laid out.
 *
 * Not for formulas (see backends/wasm/emit-loops.ts) and not for deciding anything: sizes, strides and addresses come from the caller
 * and are not checked. Signatures for callers: ../signatures.ts. Compiled twice by ../compile.mjs: portable SIMD and relaxed SIMD.
 */
export { gemm, GEMM_SCRATCH } from './gemm';
export { conv2d, conv2dBackInput, conv2dBackWeights } from './conv';
export { winogradBackInput, winogradBackWeights, winogradConv2d } from './winograd';
export { averagePool, averagePoolBack, maxPool, maxPoolBack } from './pool';
export { addRow, sumRows } from './rows';
export { copyColumns } from './columns';
export { gatherRows, scatterRows } from './embedding';
export { fillMask } from './mask';
export { softmaxCrossEntropy } from './softmax-cross-entropy';
export { unpackBytes, unpackFloats } from './unpack';
export { barrier } from './barrier';
export { exp4, log4, tanh4 } from './elementary';
