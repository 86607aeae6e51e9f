/** Our functions without parameters as operators of ONNX: one row a function. */
import type { GraphBuilder } from './graph-builder.ts';

type Write = (graph: GraphBuilder, x: string) => string;
const plain =
  (op: string, attributes: Readonly<Record<string, number>> = {}): Write =>
  (graph, x) =>
    graph.add(op, [x], Object.fromEntries(Object.entries(attributes).map(([name, float]) => [name, { float }])));
const along =
  (op: string): Write =>
  (graph, x) =>
    graph.add(op, [x], { axis: { int: -1 } });
const between =
  (low: number, high: number): Write =>
  (graph, x) =>
    graph.add('Clip', [x, graph.numbers(low), graph.numbers(high)]);
const times =
  (other: Write): Write =>
  (graph, x) =>
    graph.add('Mul', [x, other(graph, x)]);

export const activations: Readonly<Record<string, Write>> = {
  abs: plain('Abs'),
  celu: plain('Celu'),
  cos: plain('Cos'),
  elu: plain('Elu'),
  exp: plain('Exp'),
  hardSigmoid: plain('HardSigmoid', { alpha: 1 / 6, beta: 0.5 }),
  hardSwish: plain('HardSwish'),
  hardTanh: between(-1, 1),
  leakyRelu: plain('LeakyRelu', { alpha: 0.01 }),
  logSoftmax: along('LogSoftmax'),
  mish: times((graph, x) => graph.add('Tanh', [graph.add('Softplus', [x])])),
  neg: plain('Neg'),
  relu: plain('Relu'),
  relu6: between(0, 6),
  selu: plain('Selu'),
  sigmoid: plain('Sigmoid'),
  silu: times(plain('Sigmoid')),
  sin: plain('Sin'),
  softmax: along('Softmax'),
  softplus: plain('Softplus'),
  softsign: plain('Softsign'),
  sqrt: plain('Sqrt'),
  square: (graph, x) => graph.add('Mul', [x, x]),
  step: (graph, x) => graph.add('Cast', [graph.add('Greater', [x, graph.numbers(0)])], { to: { int: 1 } }),
  tanh: plain('Tanh'),
  tanhShrink: (graph, x) => graph.add('Sub', [x, graph.add('Tanh', [x])]),
  logSigmoid: (graph, x) => graph.add('Neg', [graph.add('Softplus', [graph.add('Neg', [x])])]),
  // x · (1 + erf(x / √2)) / 2
  gelu: (graph, x) => {
    const erf = graph.add('Erf', [graph.add('Mul', [x, graph.numbers(Math.SQRT1_2)])]);
    const share = graph.add('Mul', [graph.add('Add', [erf, graph.numbers(1)]), graph.numbers(0.5)]);
    return graph.add('Mul', [x, share]);
  },
  // x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2
  geluTanh: (graph, x) => {
    const cube = graph.add('Mul', [graph.add('Mul', [x, x]), x]);
    const inner = graph.add('Add', [x, graph.add('Mul', [cube, graph.numbers(0.044715)])]);
    const waved = graph.add('Tanh', [graph.add('Mul', [inner, graph.numbers(Math.sqrt(2 / Math.PI))])]);
    const share = graph.add('Mul', [graph.add('Add', [waved, graph.numbers(1)]), graph.numbers(0.5)]);
    return graph.add('Mul', [x, share]);
  },
};
