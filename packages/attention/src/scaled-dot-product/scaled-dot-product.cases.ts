/** Uses of attention and of its gradient: one list of shapes and masks, two ops. */
import { logSumExp } from '@dendrite/core';
import type { CaseInput, HostTensor, OpCase, OpCases, Tensor } from '@dendrite/spec';
import { scaledDotProduct } from './scaled-dot-product.ts';
import { scaledDotProductGradientOp, scaledDotProductOp } from './scaled-dot-product-op.ts';
import { maskedScores } from './scores.ts';

interface Use {
  readonly name: string;
  readonly front: readonly number[];
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth?: number;
  readonly causal?: boolean;
  /** With the shape it is given in. */
  readonly mask?: { readonly shape: readonly number[]; readonly values: readonly number[] };
  readonly scale?: number;
  readonly benchmark?: boolean;
}
const uses: readonly Use[] = [
  { name: 'one token', front: [1], queries: 1, keys: 1, width: 1 },
  { name: 'no heads', front: [], queries: 3, keys: 4, width: 2 },
  { name: 'two heads, odd sizes', front: [2, 2], queries: 3, keys: 5, width: 3, valueWidth: 2 },
  { name: 'causal', front: [2], queries: 5, keys: 5, width: 4, causal: true },
  { name: 'causal, the last 2 of 5', front: [1], queries: 2, keys: 5, width: 3, causal: true },
  { name: 'causal, more queries than keys', front: [1], queries: 4, keys: 2, width: 3, causal: true },
  {
    name: 'a mask of keys',
    front: [2],
    queries: 2,
    keys: 3,
    width: 2,
    mask: { shape: [2, 1, 3], values: [1, 1, 0, 1, 0, 0] },
  },
  {
    name: 'a query that sees no key',
    front: [2],
    queries: 2,
    keys: 3,
    width: 2,
    mask: { shape: [2, 3], values: [0, 0, 0, 1, 0, 1] },
  },
  {
    name: 'a mask and causal',
    front: [1],
    queries: 3,
    keys: 3,
    width: 2,
    causal: true,
    mask: { shape: [3], values: [0, 1, 1] },
  },
  { name: 'sharp scores', front: [1], queries: 3, keys: 4, width: 2, scale: 4 },
  // Blocks of WASM kernels are up to 64 queries and 96 keys, causal ones up to 32 each.
  { name: 'over a block', front: [2], queries: 65, keys: 97, width: 5, valueWidth: 9 },
  { name: 'causal, over a block of queries', front: [1], queries: 37, keys: 32, width: 8, causal: true },
  {
    name: 'causal and a mask over a block',
    front: [1, 2],
    queries: 35,
    keys: 31,
    width: 3,
    causal: true,
    mask: {
      shape: [2, 35, 31],
      values: Array.from({ length: 2 * 35 * 31 }, (_, i) => (i % 3 === 0 || i < 31 ? 0 : 1)),
    },
  },
  { name: 'no examples', front: [0], queries: 2, keys: 2, width: 2 },
  { name: 'no queries', front: [1], queries: 0, keys: 3, width: 2 },
  { name: '8 heads of 64, 128 tokens', front: [8, 8], queries: 128, keys: 128, width: 64, benchmark: true },
];

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const scaleOf = ({ scale, width }: Use): number => scale ?? 1 / Math.sqrt(width);

/** The mask's value for one score, repeated over axes of length 1. */
function sees({ mask, causal = false, front, queries, keys }: Use, b: number, i: number, j: number): boolean {
  if (causal && j > i + keys - queries) return false;
  if (mask === undefined) return true;
  const index = [...front.map((length, axis) => Math.floor(b / product(front.slice(axis + 1))) % length), i, j];
  const place = mask.shape.reduce(
    (at, length, axis) => at * length + (length === 1 ? 0 : (index[axis + index.length - mask.shape.length] ?? 0)),
    0,
  );
  return mask.values[place] === 1;
}

interface Computed {
  readonly output: Float64Array;
  /** Probabilities `[batch · T, S]`. */
  readonly weights: Float64Array;
}
/** The formula, score by score. */
function attend(use: Use, [query, key, value]: readonly HostTensor[]): Computed {
  const { front, queries, keys, width, valueWidth = width } = use;
  const batch = product(front);
  const output = new Float64Array(batch * queries * valueWidth);
  const weights = new Float64Array(batch * queries * keys);
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < queries; i++) {
      const row = b * queries + i;
      const scores = Array.from({ length: keys }, (_, j) => {
        if (!sees(use, b, i, j)) return -1e30;
        let sum = 0;
        for (let d = 0; d < width; d++)
          sum += (query?.data[row * width + d] ?? 0) * (key?.data[(b * keys + j) * width + d] ?? 0);
        return sum * scaleOf(use);
      });
      const top = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
      // An infinite score leaves nothing to the others.
      const all = Number.isFinite(top) ? top + Math.log(total) : top;
      for (let j = 0; j < keys; j++) {
        const weight = sees(use, b, i, j) ? Math.exp((scores[j] ?? 0) - all) : 0;
        weights[row * keys + j] = weight;
        for (let v = 0; v < valueWidth; v++)
          output[row * valueWidth + v] =
            (output[row * valueWidth + v] ?? 0) + weight * (value?.data[(b * keys + j) * valueWidth + v] ?? 0);
      }
    }
  return { output, weights };
}

/** The gradient's formula over the probabilities of `attend`. */
function attendBack(use: Use, [query, key, value, , , dy]: readonly HostTensor[]): readonly Float64Array[] {
  const { front, queries, keys, width, valueWidth = width } = use;
  const batch = product(front);
  const given = [query, key, value].filter((each) => each !== undefined);
  const { weights, output } = attend(use, given);
  const [dquery, dkey, dvalue] = [
    new Float64Array(batch * queries * width),
    new Float64Array(batch * keys * width),
    new Float64Array(batch * keys * valueWidth),
  ];
  const addTo = (to: Float64Array, at: number, by: number): void => {
    to[at] = (to[at] ?? 0) + by;
  };
  for (let row = 0; row < batch * queries; row++) {
    const b = Math.floor(row / queries);
    const dweights = Array.from({ length: keys }, (_, j) => {
      let sum = 0;
      for (let v = 0; v < valueWidth; v++)
        sum += (dy?.data[row * valueWidth + v] ?? 0) * (value?.data[(b * keys + j) * valueWidth + v] ?? 0);
      return sum;
    });
    let mean = 0;
    for (let v = 0; v < valueWidth; v++)
      mean += (dy?.data[row * valueWidth + v] ?? 0) * (output[row * valueWidth + v] ?? 0);
    for (let j = 0; j < keys; j++) {
      const weight = weights[row * keys + j] ?? 0;
      const dscore = weight * ((dweights[j] ?? 0) - mean) * scaleOf(use);
      for (let d = 0; d < width; d++) {
        addTo(dquery, row * width + d, dscore * (key?.data[(b * keys + j) * width + d] ?? 0));
        addTo(dkey, (b * keys + j) * width + d, dscore * (query?.data[row * width + d] ?? 0));
      }
      for (let v = 0; v < valueWidth; v++)
        addTo(dvalue, (b * keys + j) * valueWidth + v, weight * (dy?.data[row * valueWidth + v] ?? 0));
    }
  }
  return [dquery, dkey, dvalue];
}

function inputsOf({ front, queries, keys, width, valueWidth = width, mask }: Use): readonly CaseInput[] {
  return [
    { shape: [...front, queries, width] },
    { shape: [...front, keys, width] },
    { shape: [...front, keys, valueWidth] },
    ...(mask ? [{ ...mask, dtype: 'bool' as const }] : []),
  ];
}
const attributesOf = (use: Use) => ({ causal: use.causal ?? false, scale: scaleOf(use) });

export const scaledDotProductCases: OpCases = {
  op: scaledDotProductOp,
  cases: uses.map(
    (use): OpCase => ({
      name: use.name,
      inputs: inputsOf(use),
      run: ([query, key, value, mask]) =>
        scaledDotProduct(query as Tensor, key as Tensor, value as Tensor, {
          ...attributesOf(use),
          ...(mask && { mask }),
        }),
      reference: (given) => [
        {
          shape: [...use.front, use.queries, use.valueWidth ?? use.width],
          data: attend(use, given).output,
        },
      ],
      tolerance: 1e-5,
      ...(use.benchmark && { benchmark: true }),
    }),
  ),
};

export const scaledDotProductGradientCases: OpCases = {
  op: scaledDotProductGradientOp,
  cases: uses
    .filter(({ benchmark }) => !benchmark)
    .map(
      (use): OpCase => ({
        name: use.name,
        // Query, key, value, dy, mask: output and log-sum-exp must be those of the inputs, so `run` makes them.
        inputs: [
          ...inputsOf(use).slice(0, 3),
          { shape: [...use.front, use.queries, use.valueWidth ?? use.width] },
          ...inputsOf(use).slice(3),
        ],
        run: ([query, key, value, dy, mask]) => {
          const inputs = [query, key, value].filter((each) => each !== undefined);
          const { causal, scale } = attributesOf(use);
          const masks = mask ? [mask] : [];
          const [q, k, v] = inputs as [Tensor, Tensor, Tensor];
          const output = scaledDotProduct(q, k, v, { causal, scale, ...(mask && { mask }) });
          const rows = logSumExp(maskedScores(q, k, mask, causal, scale).scores, { axes: -1 });
          const given = [q, k, v, output, rows, dy as Tensor, ...masks];
          return q.runtime.run(scaledDotProductGradientOp, given, { causal, scale });
        },
        reference: ([query, key, value, dy]) => {
          const given = [query, key, value, query, query, dy].filter((each) => each !== undefined);
          return attendBack(use, given).map((data, i) => ({ shape: given[i]?.shape ?? [], data }));
        },
        differentiable: [],
        tolerance: 1e-4,
      }),
    ),
};
