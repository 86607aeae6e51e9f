/** The recurrent networks in plain loops, one row and one step at a time: what the ops are compared with. */
import type { HostTensor } from '@dendrite/spec';

export interface LoopInputs {
  readonly projected: HostTensor;
  readonly recurrent: HostTensor;
  readonly recurrentBias?: HostTensor;
  readonly states: readonly HostTensor[];
  readonly lengths?: readonly number[];
  readonly reverse?: boolean;
  readonly activation?: string;
}
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
// Math.max(NaN, 0) is NaN, as relu's.
const relu = (x: number): number => Math.max(x, 0);

/** A unit's states from the parts of its gates: of the input, of the hidden state, and the states before. */
type Unit = (x: readonly number[], h: readonly number[], states: readonly number[], activation: string) => number[];
const at = (list: ArrayLike<number>, i: number): number => list[i] ?? Number.NaN;

export const units: Readonly<Record<'lstm' | 'gru' | 'simpleRnn', Unit>> = {
  lstm(x, h, [, c = 0]) {
    const [i, f, g, o] = [0, 1, 2, 3].map((gate) => at(x, gate) + at(h, gate)) as [number, number, number, number];
    const cell = sigmoid(f) * c + sigmoid(i) * Math.tanh(g);
    return [sigmoid(o) * Math.tanh(cell), cell];
  },
  gru(x, h, [before = 0]) {
    const reset = sigmoid(at(x, 0) + at(h, 0));
    const update = sigmoid(at(x, 1) + at(h, 1));
    const candidate = Math.tanh(at(x, 2) + reset * at(h, 2));
    return [(1 - update) * candidate + update * before];
  },
  simpleRnn: (x, h, _states, activation) => [(activation === 'relu' ? relu : Math.tanh)(at(x, 0) + at(h, 0))],
};

/** y `[B, T, H]` and the last states `[B, H]`. */
export function loops(unit: Unit, gates: number, inputs: LoopInputs): readonly HostTensor[] {
  const { projected, recurrent, recurrentBias, states, lengths, reverse = false, activation = 'tanh' } = inputs;
  const [B = 0, T = 0] = projected.shape;
  const [H = 0] = recurrent.shape;
  const y = new Float64Array(B * T * H);
  const last = states.map(() => new Float64Array(B * H));
  for (let b = 0; b < B; b++) {
    let now = states.map(({ data }) => Array.from({ length: H }, (_, j) => at(data, b * H + j)));
    for (let i = 0; i < T; i++) {
      const t = reverse ? T - 1 - i : i;
      if (lengths && t >= at(lengths, b)) continue;
      const next = states.map(() => new Array<number>(H).fill(0));
      for (let j = 0; j < H; j++) {
        const x = Array.from({ length: gates }, (_, g) => at(projected.data, ((b * T + t) * gates + g) * H + j));
        const h = Array.from({ length: gates }, (_, g) => {
          let sum = recurrentBias ? at(recurrentBias.data, g * H + j) : 0;
          for (let k = 0; k < H; k++) sum += at(now[0] ?? [], k) * at(recurrent.data, (k * gates + g) * H + j);
          return sum;
        });
        const made = unit(
          x,
          h,
          now.map((state) => at(state, j)),
          activation,
        );
        made.forEach((value, s) => {
          (next[s] ?? [])[j] = value;
        });
      }
      now = next;
      y.set(now[0] ?? [], (b * T + t) * H);
    }
    now.forEach((state, s) => {
      last[s]?.set(state, b * H);
    });
  }
  return [{ shape: [B, T, H], data: y }, ...last.map((data) => ({ shape: [B, H], data }))];
}
