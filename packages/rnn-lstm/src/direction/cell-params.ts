/** The parameters of one cell: the weights of all gates packed side by side. */
import { concat } from '@dendrite/core';
import type { Initializer } from '@dendrite/nn';
import type { Key, Tensor } from '@dendrite/spec';
import type { CellRule } from '../recurrence/cell-rule.ts';

/** C channels in, H units, G gates. */
export type CellParams = {
  /** `[C, G·H]` */
  readonly input: Tensor;
  /** `[H, G·H]` */
  readonly recurrent: Tensor;
  /** `[G·H]`; not without `bias`. */
  readonly bias?: Tensor;
  /** `[G·H]`; of the GRU alone. */
  readonly recurrentBias?: Tensor;
};
export interface CellStart {
  readonly initializer: Initializer;
  readonly recurrentInitializer: Initializer;
  readonly bias: boolean;
  /** What the biases of gate 1 begin with, the LSTM's forget gate; 0 for all others. */
  readonly forgetBias: number;
}

/** Each gate's block is drawn by itself, as if it were a layer of its own. */
export function newCellParams(rule: CellRule, key: Key, channels: number, units: number, start: CellStart): CellParams {
  const { runtime } = key;
  const width = rule.gates * units;
  const blocks = (label: string, rows: number, { make }: Initializer): Tensor =>
    runtime.scope(() =>
      concat(
        Array.from({ length: rule.gates }, (_, gate) =>
          make(key.fork(`${label}.${gate}`), [rows, units], { in: rows, out: units }),
        ),
        { axis: 1 },
      ),
    );
  const zeros = new Float32Array(width);
  const bias = zeros.slice();
  bias.fill(start.forgetBias, units, 2 * units);
  return {
    input: blocks('input', channels, start.initializer),
    recurrent: blocks('recurrent', units, start.recurrentInitializer),
    ...(start.bias && { bias: runtime.tensor(bias) }),
    ...(start.bias && rule.recurrentBias && { recurrentBias: runtime.tensor(zeros) }),
  };
}
