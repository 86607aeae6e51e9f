// Nets of one width and many layers, plain or with shortcuts, and how long the gradient of each layer is before any training.
import { leaves, relu, square, sum, valueAndGrad } from '@dendrite/core';
import { dense, flatten, orthogonal, residual, sequential, softmaxCrossEntropy } from '@dendrite/nn';
import type { Layer, Runtime, Tensor, Tree } from '@dendrite/spec';

type Net = Layer<Tree, Tree>;

/** A first layer, `depth − 1` more of the same width, and the outputs. With shortcuts each of those adds to what it is given. */
export function depthNet(
  depth: number,
  { width, classes, shortcuts }: { readonly width: number; readonly classes: number; readonly shortcuts: boolean },
): Net {
  const hidden = Array.from({ length: depth - 1 }, () => {
    if (!shortcuts) return sequential(dense(width), relu);
    // Small at first, or what all layers add would grow with their number.
    const initializer = orthogonal({ gain: 1 / Math.sqrt(depth) });
    return residual(sequential(dense(width, { initializer }), relu));
  });
  return sequential(flatten, sequential(dense(width), relu), ...hidden, dense(classes)) as Net;
}

/** The length of the loss's gradient for each layer's weights, from the input to the outputs, at the first step. */
export async function gradientNorms(
  runtime: Runtime,
  net: Net,
  { x, y, seed }: { readonly x: Tensor; readonly y: Tensor; readonly seed: number },
): Promise<readonly number[]> {
  const squares = runtime.scope(() => {
    const key = runtime.key(seed);
    const { params, state } = net.init(key, x.shape);
    const { gradients } = valueAndGrad((given: Tree) =>
      softmaxCrossEntropy(net.apply({ params: given, state }, x, { training: true, key })[0], y),
    )(params);
    return leaves(gradients as Tree).flatMap(({ path, tensor }) =>
      path.endsWith('weight') ? [sum(square(tensor))] : [],
    );
  });
  const norms: number[] = [];
  for (const each of squares) {
    norms.push(Math.sqrt(await each.item()));
    each.dispose();
  }
  return norms;
}
