/**
 * All that runs in plain JavaScript, in one piece: kernels of the primitives and of softmax, and the loop of formulas. The CPU device
 * has it from the beginning; a device whose memory the host sees loads it for calls that none of its own kernels takes.
 */
import type { JsKernel } from '@dendrite/spec';
import { argReduceKernel } from './arg-reduce/arg-reduce.js-kernel.ts';
import { broadcastKernel } from './broadcast/broadcast-to.js-kernel.ts';
import { concatKernel } from './concat/concat.js-kernel.ts';
import { cumulativeKernel } from './cumulative/cumulative.js-kernel.ts';
import { gatherKernel, scatterAddKernel } from './gather/gather.js-kernel.ts';
import { matmulKernel } from './matmul/matmul.js-kernel.ts';
import { padKernel } from './pad/pad.js-kernel.ts';
import { randomBitsKernel } from './random/random-bits.js-kernel.ts';
import { reduceKernel } from './reduce/reduce.js-kernel.ts';
import { sliceKernel } from './slice/slice.js-kernel.ts';
import { logSoftmaxKernel, softmaxKernel } from './softmax/softmax.js-kernel.ts';
import { sortKernel } from './sort/sort.js-kernel.ts';
import { transposeKernel } from './transpose/transpose.js-kernel.ts';
import { windowGatherKernel, windowScatterKernel } from './window/window.js-kernel.ts';

export { expressionLoop } from '../cpu/expression-loop.ts';

type Primitive =
  | `core/${'arg-reduce' | 'broadcast' | 'concat' | 'cumulative' | 'gather' | 'matmul' | 'pad' | 'random-bits' | 'reduce'}`
  | `core/${'scatter-add' | 'slice' | 'sort' | 'transpose' | 'window-gather' | 'window-scatter'}`;

/** By the op's name. */
export const jsKernels: Readonly<Record<Primitive | 'core/softmax' | 'core/log-softmax', JsKernel>> = {
  'core/arg-reduce': argReduceKernel,
  'core/broadcast': broadcastKernel,
  'core/concat': concatKernel,
  'core/cumulative': cumulativeKernel,
  'core/gather': gatherKernel,
  'core/log-softmax': logSoftmaxKernel,
  'core/matmul': matmulKernel,
  'core/pad': padKernel,
  'core/random-bits': randomBitsKernel,
  'core/reduce': reduceKernel,
  'core/scatter-add': scatterAddKernel,
  'core/slice': sliceKernel,
  'core/softmax': softmaxKernel,
  'core/sort': sortKernel,
  'core/transpose': transposeKernel,
  'core/window-gather': windowGatherKernel,
  'core/window-scatter': windowScatterKernel,
};
