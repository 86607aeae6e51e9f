/** All case tables of this package, for tests and benchmarks; not exported and not published. */
import type { OpCases } from '@dendrite/spec';
import { placeAlongAxisCases, putAlongAxisCases, takeAlongAxisCases } from '../ops/along-axis/along-axis.cases.ts';
import { argReduceCases } from '../ops/arg-reduce/arg-reduce.cases.ts';
import { broadcastCases } from '../ops/broadcast/broadcast-to.cases.ts';
import { castCases } from '../ops/cast/cast.cases.ts';
import { categoricalCases } from '../ops/categorical/categorical.cases.ts';
import { clipCases } from '../ops/clip/clip.cases.ts';
import { concatCases } from '../ops/concat/concat.cases.ts';
import { cumulativeCases } from '../ops/cumulative/cumulative.cases.ts';
import { einsumCases } from '../ops/einsum/einsum.cases.ts';
import { activationCases } from '../ops/expression/activations.cases.ts';
import { arithmeticCases, integerProductCases } from '../ops/expression/arithmetic.cases.ts';
import { comparisonCases, logicCases } from '../ops/expression/comparisons.cases.ts';
import { integerMathematicsCases, mathematicsCases } from '../ops/expression/mathematics.cases.ts';
import { gatherCases, scatterAddCases } from '../ops/gather/gather.cases.ts';
import { gatherNdCases, scatterNdCases } from '../ops/gather-nd/gather-nd.cases.ts';
import { fillCases } from '../ops/making/fill.cases.ts';
import { matmulCases } from '../ops/matmul/matmul.cases.ts';
import { oneHotCases } from '../ops/one-hot/one-hot.cases.ts';
import { padCases, padCopiesCases } from '../ops/pad/pad.cases.ts';
import { randomCases } from '../ops/random/random.cases.ts';
import { extremeCases, momentCases, productCases, sumCases, truthCases } from '../ops/reduce/reduce.cases.ts';
import { repeatCases } from '../ops/repeat/repeat.cases.ts';
import { reshapeCases } from '../ops/reshape/reshape.cases.ts';
import { scatterSetCases } from '../ops/scatter-set/scatter-set.cases.ts';
import { reverseCases, sliceCases, tileCases } from '../ops/slice/slice.cases.ts';
import { logSoftmaxCases, softmaxCases } from '../ops/softmax/softmax.cases.ts';
import { logSoftmaxGradientCases, softmaxGradientCases } from '../ops/softmax/softmax-gradient.cases.ts';
import { sortCases } from '../ops/sort/sort.cases.ts';
import { splitCases } from '../ops/split/split.cases.ts';
import { topKCases } from '../ops/top-k/top-k.cases.ts';
import { transposeCases } from '../ops/transpose/transpose.cases.ts';
import { triangleCases } from '../ops/triangle/triangle.cases.ts';
import { whereCases } from '../ops/where/where.cases.ts';
import { windowGatherCases, windowScatterCases } from '../ops/window/window.cases.ts';

export const coreCases: readonly OpCases[] = [
  takeAlongAxisCases,
  placeAlongAxisCases,
  putAlongAxisCases,
  argReduceCases,
  broadcastCases,
  ...castCases,
  categoricalCases,
  clipCases,
  concatCases,
  cumulativeCases,
  einsumCases,
  ...activationCases,
  ...arithmeticCases,
  integerProductCases,
  ...comparisonCases,
  ...logicCases,
  ...integerMathematicsCases,
  ...mathematicsCases,
  gatherCases,
  scatterAddCases,
  gatherNdCases,
  scatterNdCases,
  fillCases,
  matmulCases,
  oneHotCases,
  padCases,
  padCopiesCases,
  ...randomCases,
  extremeCases,
  momentCases,
  productCases,
  sumCases,
  truthCases,
  repeatCases,
  reshapeCases,
  scatterSetCases,
  reverseCases,
  sliceCases,
  splitCases,
  tileCases,
  logSoftmaxCases,
  softmaxGradientCases,
  logSoftmaxGradientCases,
  softmaxCases,
  sortCases,
  topKCases,
  transposeCases,
  triangleCases,
  whereCases,
  windowGatherCases,
  windowScatterCases,
];
