/** Formulas that are an operator of ONNX as a whole. All others are written node by node. */
import { firstOf, fixed, type Row, type RowCall } from './row.ts';

const plain =
  (op: string): Row =>
  (row) => [row.graph.add(op, [firstOf(row).name])];
const withAlpha =
  (op: string): Row =>
  (row: RowCall) => [
    row.graph.add(op, [firstOf(row).name], { alpha: { float: fixed(row, row.call.args[0] ?? 1, 'numbers') } }),
  ];

export const functionRows: Readonly<Record<string, Row>> = {
  'core/relu': plain('Relu'),
  'core/sigmoid': plain('Sigmoid'),
  'core/softplus': plain('Softplus'),
  'core/softsign': plain('Softsign'),
  'core/selu': plain('Selu'),
  'core/hard-swish': plain('HardSwish'),
  'core/leaky-relu': withAlpha('LeakyRelu'),
  'core/elu': withAlpha('Elu'),
  'core/celu': withAlpha('Celu'),
};
