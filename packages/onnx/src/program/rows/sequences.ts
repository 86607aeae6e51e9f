/** Attention, and recurrent cells over whole sequences. */
import type { Amount } from '../amount.ts';
import { plus } from '../amount.ts';
import type { ProgramCall, ProgramOperand } from '../program.ts';
import { firstOf, numberOf, type Row, type RowCall, type RowInput, secondOf } from './row.ts';

/** Stands for −∞: e to it is 0 beside any real score, and a query that sees no key stays finite. */
const unseen = -1e30;

const attention: Row = (row) => {
  const { graph, call } = row;
  const [query, key, value, mask] = row.inputs as readonly [RowInput, RowInput, RowInput, RowInput?];
  const rank = query.shape.length;
  const swapped = query.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  const products = graph.add('MatMul', [query.name, graph.transposed(key.name, swapped)]);
  const scores = graph.add('Mul', [products, graph.numbers([numberOf(row, 'scale')], [])]); // […, T, S]
  const [queries, keys] = [query.shape[rank - 2] ?? 1, key.shape[rank - 2] ?? 1];
  const past = call.attributes.causal === true ? [causal(row, queries, keys)] : [];
  const allowed = [...past, ...(mask ? [mask.name] : [])].reduce<string | undefined>(
    (all, each) => (all === undefined ? each : graph.add('And', [all, each])),
    undefined,
  );
  const kept = (x: string, otherwise: number): string =>
    allowed === undefined ? x : graph.add('Where', [allowed, x, graph.numbers([otherwise], [])]);
  const weights = kept(graph.add('Softmax', [kept(scores, unseen)], { axis: { int: -1 } }), 0);
  return [graph.add('MatMul', [weights, value.name])];
};

/** `[T, S]`: query i sees the keys up to its own place, counted from the end of both. */
function causal({ graph }: RowCall, queries: Amount, keys: Amount): string {
  const places = graph.add('Add', [graph.range(queries), graph.scalar(plus(keys, queries, -1), 'int64')]);
  const rows = graph.add('Unsqueeze', [places, graph.lengths([1])]);
  return graph.add('LessOrEqual', [graph.range(keys), rows]);
}

interface CellOfOnnx {
  readonly op: 'RNN' | 'LSTM' | 'GRU';
  /** Our gates in ONNX's order. */
  readonly order: readonly number[];
  readonly states: number;
  readonly recurrentBias?: true;
}

/**
 * Ours takes the inputs' products with the weights of all gates, ONNX's the inputs and the weights: both are found behind the products.
 * Where there is nothing such behind them, the products are the inputs and the weights are 1 on the diagonal.
 */
const recurrent =
  ({ op, order, states, recurrentBias }: CellOfOnnx): Row =>
  (row) => {
    const { graph, call } = row;
    const [projected, hidden] = [firstOf(row), secondOf(row)];
    const units = Number(hidden.shape[0]);
    const width = order.length * units;
    const [batch = 1, steps = 1] = projected.shape;
    const gates = graph.numbers(
      order.flatMap((gate) => Array.from({ length: units }, (_, i) => gate * units + i)),
      [width],
      'int64',
    );
    /** `[C, G·H]` → `[1, G·H, C]`, in ONNX's order. */
    const weights = (name: string): string =>
      graph.add('Unsqueeze', [graph.add('Gather', [graph.transposed(name, [1, 0]), gates]), graph.lengths([0])]);
    const none = graph.numbers(new Array<number>(width).fill(0), [width]);
    const ordered = (name: string | undefined): string =>
      name === undefined ? none : graph.add('Gather', [name, gates]);
    const from = behind(call.inputs[0] as ProgramOperand);
    const x = from ? row.named({ ...from.x, shape: [batch, steps, from.x.shape.at(-1) ?? 1] }) : projected.name;
    const identity = Array.from({ length: width * width }, (_, i) => Number(i % (width + 1) === 0));
    const input = from ? row.named(from.weight) : graph.numbers(identity, [width, width]);
    const bias = from?.bias && row.named(from.bias);
    const own = recurrentBias ? row.inputs[2]?.name : undefined;
    const biases = graph.add('Concat', [ordered(bias), ordered(own)], { axis: { int: 0 } });
    const firstState = recurrentBias ? 3 : 2;
    const begun = row.inputs.slice(firstState, firstState + states);
    const lengths = row.inputs[firstState + states]?.name;
    const inputs = [
      graph.transposed(x, [1, 0, 2]),
      weights(input),
      weights(hidden.name),
      graph.add('Unsqueeze', [biases, graph.lengths([0])]),
      lengths ?? '',
      ...begun.map(({ name }) => graph.add('Unsqueeze', [name, graph.lengths([0])])),
    ];
    const [all = '', ...ends] = graph.several(op, inputs, 1 + states, {
      hidden_size: { int: units },
      direction: { string: call.attributes.reverse === true ? 'reverse' : 'forward' },
      ...(op === 'GRU' && { linear_before_reset: { int: 1 } }),
      ...(op === 'RNN' && { activations: { strings: [call.attributes.activation === 'relu' ? 'Relu' : 'Tanh'] } }),
    });
    // [T, 1, B, H] → [B, T, H]
    const y = graph.transposed(graph.add('Squeeze', [all, graph.lengths([1])]), [1, 0, 2]);
    const last = ends.map((end) => graph.add('Squeeze', [end, graph.lengths([0])]));
    if (lengths === undefined) return [y, ...last];
    // onnxruntime gives zeros for a sequence without steps, whose state is the one before.
    const idle = graph.add('Equal', [lengths, graph.numbers([0], [], 'int32')]);
    const rows = graph.add('Unsqueeze', [idle, graph.lengths([1])]);
    return [y, ...last.map((end, s) => graph.add('Where', [rows, begun[s]?.name ?? '', end]))];
  };

interface Projection {
  readonly x: ProgramOperand;
  readonly weight: ProgramOperand;
  readonly bias?: ProgramOperand;
}
/** `x · weight + bias`, where that is what made a value. */
function behind(operand: ProgramOperand): Projection | undefined {
  const made = madeBy(operand);
  if (made?.op === 'core/add' && made.inputs[1]?.shape.length === 1) {
    const inner = behind(made.inputs[0] as ProgramOperand);
    return inner && inner.bias === undefined ? { ...inner, bias: made.inputs[1] } : undefined;
  }
  const { transposeA, transposeB } = made?.attributes ?? {};
  const [x, weight] = made?.op === 'core/matmul' ? made.inputs : [];
  if (x === undefined || weight?.shape.length !== 2 || transposeA === true || transposeB === true) return undefined;
  return { x, weight };
}
const madeBy = ({ value: { source } }: ProgramOperand): ProgramCall | undefined =>
  'call' in source ? source.call : undefined;

export const sequenceRows: Readonly<Record<string, Row>> = {
  'attention/scaled-dot-product': attention,
  'rnn-lstm/simple-rnn': recurrent({ op: 'RNN', order: [0], states: 1 }),
  // Ours: input, forget, candidate, output; ONNX: input, output, forget, cell.
  'rnn-lstm/lstm': recurrent({ op: 'LSTM', order: [0, 3, 1, 2], states: 2 }),
  // Ours: reset, update, candidate; ONNX: update, reset, hidden.
  'rnn-lstm/gru': recurrent({ op: 'GRU', order: [1, 0, 2], states: 1, recurrentBias: true }),
};
