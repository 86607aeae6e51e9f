/** Op name → routine: everything this backend runs natively. Expression ops are lowered, other composites decompose. */
import { conv2dFilterGradientRoutine, conv2dInputGradientRoutine, conv2dRoutine } from './convolution.ts';
import { cumulativeRoutine } from './cumulative.ts';
import { gatherRoutine, scatterAddRoutine } from './indexed.ts';
import { matmulRoutine } from './matmul.ts';
import { broadcastRoutine, concatRoutine, padRoutine, sliceRoutine, transposeRoutine } from './moving.ts';
import { avgPool2dGradientRoutine, avgPool2dRoutine, maxPool2dGradientRoutine, maxPool2dRoutine } from './pooling.ts';
import { argReduceRoutine, reduceRoutine } from './reduce.ts';
import type { MakeRoutine } from './routine.ts';
import { softmaxRoutine } from './softmax.ts';
import { sortRoutine } from './sort.ts';
import { windowGatherRoutine, windowScatterRoutine } from './window.ts';

/** `core/random-bits` is the device's own: it needs the counter's value on the host. */
export const routines: ReadonlyMap<string, MakeRoutine> = new Map<string, MakeRoutine>([
  ['core/transpose', transposeRoutine],
  ['core/slice', sliceRoutine],
  ['core/broadcast', broadcastRoutine],
  ['core/pad', padRoutine],
  ['core/concat', concatRoutine],
  ['core/reduce', reduceRoutine],
  ['core/arg-reduce', argReduceRoutine],
  ['core/matmul', matmulRoutine],
  ['core/window-gather', windowGatherRoutine],
  ['core/window-scatter', windowScatterRoutine],
  ['core/cumulative', cumulativeRoutine],
  ['core/gather', gatherRoutine],
  ['core/scatter-add', scatterAddRoutine],
  ['core/sort', sortRoutine],
  ['core/softmax', softmaxRoutine],
  ['cnn/conv2d', conv2dRoutine],
  ['cnn/conv2d-input-gradient', conv2dInputGradientRoutine],
  ['cnn/conv2d-filter-gradient', conv2dFilterGradientRoutine],
  ['cnn/max-pool2d', maxPool2dRoutine],
  ['cnn/max-pool2d-gradient', maxPool2dGradientRoutine],
  ['cnn/avg-pool2d', avgPool2dRoutine],
  ['cnn/avg-pool2d-gradient', avgPool2dGradientRoutine],
]);
