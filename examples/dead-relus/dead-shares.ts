// Which units of a chain of dense layers with ReLU never answer, whatever they are shown.
import { add, matmul, max, relu } from '@dendrite/core';
import { dense, flatten, heNormal, sequential } from '@dendrite/nn';
import type { Layer, Runtime, Tensor, Tree } from '@dendrite/spec';

type Dense = { readonly weight: Tensor; readonly bias: Tensor };

/** Hidden layers of ReLU units, and one output a class. With `bias`, all hidden biases start there instead of at 0. */
export function reluNet(widths: readonly number[], classes: number, bias = 0): Layer<Tree, Tree> {
  const hidden = widths.flatMap((width) => [biased(dense(width, { initializer: heNormal }), bias), relu]);
  return sequential(flatten, ...hidden, dense(classes)) as Layer<Tree, Tree>;
}

/** The same layer, whose biases start at `value`: a layer is data and pure functions, so one wraps another. */
function biased(layer: ReturnType<typeof dense>, value: number): ReturnType<typeof dense> {
  return {
    ...layer,
    init(key, input) {
      const { params, ...rest } = layer.init(key, input);
      const { shape, size } = params.bias;
      const bias = key.runtime.tensor(new Float32Array(size).fill(value), shape);
      return { ...rest, params: { ...params, bias } };
    },
  };
}

/**
 * For each hidden layer the share of units that are 0 for every row.
 * @param params  of a `reluNet`
 * @param rows    `[N, F]`, as the net sees them
 */
export async function deadShares(runtime: Runtime, params: Tree, rows: Tensor): Promise<readonly number[]> {
  const layers = Object.values(params as Readonly<Record<string, Partial<Dense>>>).filter(
    (each): each is Dense => each.weight !== undefined && each.bias !== undefined,
  );
  const highest = runtime.scope(() => {
    let h = rows;
    const found: Tensor[] = [];
    for (const { weight, bias } of layers.slice(0, -1)) {
      h = relu(add(matmul(h, weight), bias));
      found.push(max(h, { axes: 0 }));
    }
    return found;
  });
  const shares: number[] = [];
  for (const each of highest) {
    const values = await each.data();
    each.dispose();
    shares.push(values.filter((value) => value === 0).length / values.length);
  }
  return shares;
}
