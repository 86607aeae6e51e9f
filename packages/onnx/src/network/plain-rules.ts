/** Layers over rows of features: dense, norms, embedding, and the functions that have a name. */
import { activations } from './activations.ts';
import { product } from './graph-builder.ts';
import { activated, type LayerRule, linear, normalised, scaledBy } from './layer-rule.ts';

const epsilonOf = ({ epsilon }: { readonly [name: string]: unknown }): number => Number(epsilon);

export const plainRules: Readonly<Record<string, LayerRule>> = {
  'nn/dense': (place) => {
    const { x, config } = place;
    return { name: activated(place, linear(place, x.name)), shape: [...x.shape.slice(0, -1), Number(config.units)] };
  },
  'nn/dropout': ({ x }) => x,
  'nn/batch-norm': ({ graph, x, config, param, state }) => {
    const { data: scale } = graph.array(param('scale'));
    const factor = graph.changed(state('variance'), ({ shape, data }) => ({
      shape,
      data: Float32Array.from(data, (each, i) => (scale[i] as number) / Math.sqrt(each + epsilonOf(config))),
    }));
    const centred = graph.add('Sub', [x.name, graph.held(state('mean'))]);
    const name = graph.add('Add', [graph.add('Mul', [centred, factor]), graph.held(param('offset'))]);
    return { name, shape: x.shape };
  },
  'nn/layer-norm': ({ graph, x, config, param }) => ({
    name: graph.add('LayerNormalization', [x.name, graph.held(param('scale')), graph.held(param('offset'))], {
      axis: { int: -Number(config.axes) },
      epsilon: { float: epsilonOf(config) },
    }),
    shape: x.shape,
  }),
  'nn/rms-norm': ({ graph, x, config, param }) => {
    const power = graph.add('ReduceMean', [graph.add('Mul', [x.name, x.name])], {
      axes: { ints: [-1] },
      keepdims: { int: 1 },
    });
    const root = graph.add('Sqrt', [graph.add('Add', [power, graph.numbers(epsilonOf(config))])]);
    return { name: graph.add('Mul', [graph.add('Div', [x.name, root]), graph.held(param('scale'))]), shape: x.shape };
  },
  'nn/group-norm': (place) => {
    const { graph, x, config } = place;
    const [channels = 1, ...others] = x.shape.toReversed();
    const groups = Number(config.groups);
    const parted = graph.add('Reshape', [x.name, graph.lengths([0, product(others), groups, channels / groups])]);
    const whole = graph.lengths([0, ...x.shape]);
    const y = graph.add('Reshape', [normalised(graph, parted, [1, 3], epsilonOf(config)), whole]);
    return { name: scaledBy(place, y), shape: x.shape };
  },
  'nn/instance-norm': (place) => {
    const { graph, x, config } = place;
    const positions = x.shape.slice(0, -1).map((_, i) => i + 1);
    return { name: scaledBy(place, normalised(graph, x.name, positions, epsilonOf(config))), shape: x.shape };
  },
  'nn/prelu': ({ graph, x, param }) => ({
    name: graph.add('PRelu', [x.name, graph.held(param('slope'))]),
    shape: x.shape,
  }),
  'nn/embedding': ({ graph, x, config, param }) => {
    const codes = graph.add('Cast', [x.name], { to: { int: 7 } });
    return {
      name: graph.add('Gather', [graph.held(param('weight')), codes]),
      shape: [...x.shape, Number(config.size)],
    };
  },
  'function/flatten': ({ graph, x }) => ({
    name: graph.add('Reshape', [x.name, graph.lengths([0, product(x.shape)])]),
    shape: [product(x.shape)],
  }),
  ...Object.fromEntries(
    Object.entries(activations).map(([name, write]): [string, LayerRule] => [
      `function/${name}`,
      ({ graph, x }) => ({ name: write(graph, x.name), shape: x.shape }),
    ]),
  ),
};
