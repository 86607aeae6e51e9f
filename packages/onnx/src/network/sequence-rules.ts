/** Recurrent layers as ONNX's own, and attention by products and softmax. Sequences have the length that the network was made for. */
import { type GraphBuilder, permuted, product, type Value } from './graph-builder.ts';
import { activated, type Fields, type LayerRule, linear, type Place, refuse } from './layer-rule.ts';

/** Blocks of `[C, gates · H]` in another order, transposed: `[gates · H, C]`. */
function gatesOf(graph: GraphBuilder, name: string, order: readonly number[]): Float32Array {
  const array = graph.array(name);
  const turned = array.shape.length === 2 ? permuted(array, [1, 0]).data : Float32Array.from(array.data);
  const size = turned.length / order.length;
  const out = new Float32Array(turned.length);
  for (const [to, from] of order.entries()) out.set(turned.subarray(from * size, (from + 1) * size), to * size);
  return out;
}

/** @param order  of our gates as ONNX has them */
function recurrent(op: 'RNN' | 'LSTM' | 'GRU', order: readonly number[]): LayerRule {
  return (place) => {
    const { graph, config, param, x } = place;
    const units = Number(config.units);
    const rows = order.length * units;
    const both = config.bidirectional === true;
    const ends = both ? ['forward', 'backward'] : ['forward'];
    let flow = graph.add('Transpose', [x.name], { perm: { ints: [1, 0, 2] } }); // [T, B, C]
    let last = '';
    for (let level = 0; level < Number(config.layers); level++) {
      const path = (end: string, name: string): string => param(`${level}.${end}.${name}`);
      const joined = (name: string, shape: readonly number[]): string =>
        graph.numbers(
          ends.flatMap((end) => Array.from(gatesOf(graph, path(end, name), order))),
          [ends.length, ...shape],
        );
      const channels = graph.array(path('forward', 'input')).shape[0] ?? 1;
      const zeros = new Float32Array(rows);
      const biasAt = (end: string, name: string): Float32Array =>
        graph.has(path(end, name)) ? gatesOf(graph, path(end, name), order) : zeros;
      const bias = ends.flatMap((end) => [...biasAt(end, 'bias'), ...biasAt(end, 'recurrentBias')]);
      const inputs = [
        flow,
        joined('input', [rows, channels]),
        joined('recurrent', [rows, units]),
        graph.numbers(bias, [ends.length, 2 * rows]),
      ];
      const [all = '', end = ''] = graph.several(op, inputs, 2, {
        hidden_size: { int: units },
        direction: { string: both ? 'bidirectional' : config.reverse === true ? 'reverse' : 'forward' },
        ...(op === 'GRU' && { linear_before_reset: { int: 1 } }),
        ...(op === 'RNN' && {
          activations: { strings: ends.map(() => (config.activation === 'relu' ? 'Relu' : 'Tanh')) },
        }),
      });
      // [T, directions, B, H] → [T, B, directions · H]
      const side = graph.add('Transpose', [all], { perm: { ints: [0, 2, 1, 3] } });
      flow = graph.add('Reshape', [side, graph.lengths([0, 0, ends.length * units])]);
      last = end;
    }
    const width = ends.length * units;
    if (config.output === 'last') {
      const side = graph.add('Transpose', [last], { perm: { ints: [1, 0, 2] } }); // [B, directions, H]
      return { name: graph.add('Reshape', [side, graph.lengths([0, width])]), shape: [width] };
    }
    const name = graph.add('Transpose', [flow], { perm: { ints: [1, 0, 2] } });
    return { name, shape: [x.shape[0] ?? 1, width] };
  };
}

interface Heads {
  readonly heads: number;
  readonly causal: boolean;
  readonly rotary: boolean;
  readonly path: string;
}

/** Pairs of numbers turned by their place: `x · cos + (x · R) · sin`, where R turns every pair by a right angle. */
function turned(graph: GraphBuilder, x: string, tokens: number, width: number): string {
  const angles = Array.from(
    { length: tokens * width },
    (_, at) => Math.floor(at / width) * 10_000 ** ((-2 * Math.floor((at % width) / 2)) / width),
  );
  const quarter = new Float32Array(width * width);
  for (let i = 0; i < width; i += 2) {
    quarter[(i + 1) * width + i] = -1;
    quarter[i * width + i + 1] = 1;
  }
  const along = (f: (angle: number) => number): string => graph.numbers(angles.map(f), [tokens, width]);
  const across = graph.add('MatMul', [x, graph.numbers(quarter, [width, width])]);
  return graph.add('Add', [graph.add('Mul', [x, along(Math.cos)]), graph.add('Mul', [across, along(Math.sin)])]);
}

const headsOf = ({ heads, causal, rotary }: Fields, path: string): Heads => ({
  heads: Number(heads),
  causal: causal === true,
  rotary: rotary === true,
  path,
});

/** Self-attention of `[B, T, C]`: products, softmax, products. */
function attended(place: Place, x: Value, { heads, causal, rotary, path }: Heads): string {
  const { graph, param } = place;
  const [tokens = 1] = x.shape;
  const width = graph.array(param(`${path}query.weight`)).shape[1] ?? 1;
  const each = width / heads;
  /** `[B, heads, T, each]` */
  const split = (name: string, turns: boolean): string => {
    const y = linear(place, x.name, `${path}${name}.`);
    const parted = graph.add('Reshape', [y, graph.lengths([0, tokens, heads, each])]);
    const side = graph.add('Transpose', [parted], { perm: { ints: [0, 2, 1, 3] } });
    return turns ? turned(graph, side, tokens, each) : side;
  };
  const [query, value] = [split('query', rotary), split('value', false)];
  const key = graph.add('Transpose', [split('key', rotary)], { perm: { ints: [0, 1, 3, 2] } });
  const scale = graph.numbers(1 / Math.sqrt(each));
  let scores = graph.add('Mul', [graph.add('MatMul', [query, key]), scale]); // [B, heads, T, T]
  if (causal) {
    const later = Array.from({ length: tokens * tokens }, (_, i) => (i % tokens > Math.floor(i / tokens) ? -1e30 : 0));
    scores = graph.add('Add', [scores, graph.numbers(later, [tokens, tokens])]);
  }
  const seen = graph.add('MatMul', [graph.add('Softmax', [scores], { axis: { int: -1 } }), value]);
  const joined = graph.add('Transpose', [seen], { perm: { ints: [0, 2, 1, 3] } });
  return linear(place, graph.add('Reshape', [joined, graph.lengths([0, tokens, width])]), `${path}output.`);
}

const layerNorm = ({ graph, param }: Place, x: string, path: string): string =>
  graph.add('LayerNormalization', [x, graph.held(param(`${path}.scale`)), graph.held(param(`${path}.offset`))], {
    axis: { int: -1 },
    epsilon: { float: 1e-5 },
  });

/** `sin` and `cos` of places, as `sinusoidalPositions` adds them. */
function waves([tokens = 1, width = 1]: readonly number[]): Float32Array {
  return Float32Array.from({ length: tokens * width }, (_, at) => {
    const i = at % width;
    const angle = Math.floor(at / width) / 10_000 ** ((i - (i % 2)) / width);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

export const sequenceRules: Readonly<Record<string, LayerRule>> = {
  'rnn-lstm/simple-rnn': recurrent('RNN', [0]),
  // Ours: input, forget, candidate, output; ONNX: input, output, forget, cell.
  'rnn-lstm/lstm': recurrent('LSTM', [0, 3, 1, 2]),
  // Ours: reset, update, candidate; ONNX: update, reset, hidden.
  'rnn-lstm/gru': recurrent('GRU', [1, 0, 2]),
  'attention/multi-head-attention': (place) => {
    const { config, x } = place;
    if (config.weights === true) return refuse(place, 'weights as a second output');
    return { name: attended(place, x, headsOf(config, '')), shape: x.shape };
  },
  'attention/encoder-layer': (place) => {
    const { graph, config, x } = place;
    const heads = headsOf(config, 'attention.');
    const attend = (at: string): string => attended(place, { name: at, shape: x.shape }, heads);
    const forward = (at: string): string =>
      linear(place, activated(place, linear(place, at, 'forward.0.')), 'forward.1.');
    const shortcut = (at: string, norm: string, f: (at: string) => string): string =>
      config.norm === 'pre'
        ? graph.add('Add', [at, f(layerNorm(place, at, norm))])
        : layerNorm(place, graph.add('Add', [at, f(at)]), norm);
    const seen = shortcut(x.name, 'attentionNorm', attend);
    return { name: shortcut(seen, 'forwardNorm', forward), shape: x.shape };
  },
  'attention/learned-positions': ({ graph, x, param }) => {
    const part = graph.changed(param('table'), ({ data }) => ({
      shape: x.shape,
      data: Float32Array.from(data).slice(0, product(x.shape)),
    }));
    return { name: graph.add('Add', [x.name, part]), shape: x.shape };
  },
  'function/sinusoidalPositions': ({ graph, x }) => ({
    name: graph.add('Add', [x.name, graph.numbers(waves(x.shape), x.shape)]),
    shape: x.shape,
  }),
};
