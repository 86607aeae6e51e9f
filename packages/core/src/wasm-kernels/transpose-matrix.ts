/** Transposes a matrix of float32 in blocks of 4 × 4. */
import { type FunctionBuilder, f32, i8x16, type Value, v128 } from '@dendrite/wasm-assembler';

type Int = Value<'i32'>;

export interface TransposedMatrix {
  readonly to: Int;
  readonly from: Int;
  readonly rows: Int;
  readonly columns: Int;
  readonly toStep?: Int;
}

/** `to[c, r] = from[r, c]`. `toStep`: bytes from one row of `to` to the next; default: dense. */
export function transposeMatrix(
  f: FunctionBuilder,
  { to, from, rows, columns, toStep = rows.shl(2) }: TransposedMatrix,
): void {
  const wholeRows = f.let(rows.and(-4));
  const wholeColumns = f.let(columns.and(-4));
  const fromStep = f.let(columns.shl(2));
  const step = f.let(toStep);
  const single = (r: Int, c: Int): void =>
    f.f32.store(to.add(c.mul(step)).add(r.shl(2)), f32.load(from.add(r.mul(fromStep)).add(c.shl(2))));
  f.loop(0, wholeRows, 4, (r) => {
    f.loop(0, wholeColumns, 4, (c) => {
      const source = f.let(from.add(r.mul(fromStep)).add(c.shl(2)));
      const lines: Value<'v128'>[] = [];
      for (let i = 0; i < 4; i++) {
        lines.push(f.let(v128.load(source)));
        source.set(source.add(fromStep));
      }
      const [x, y, z, w] = lines as [Value<'v128'>, Value<'v128'>, Value<'v128'>, Value<'v128'>];
      const low = [f.let(interleave(x, y, 0)), f.let(interleave(z, w, 0))] as const;
      const high = [f.let(interleave(x, y, 2)), f.let(interleave(z, w, 2))] as const;
      const target = f.let(to.add(c.mul(step)).add(r.shl(2)));
      for (const [left, right] of [low, high])
        for (const half of [0, 1]) {
          f.v128.store(target, halves(left, right, half));
          target.set(target.add(step));
        }
    });
    f.loop(wholeColumns, columns, (c) => {
      for (let i = 0; i < 4; i++) single(f.let(r.add(i)), c);
    });
  });
  f.loop(wholeRows, rows, (r) => f.loop(0, columns, (c) => single(r, c)));
}

const word = (i: number): readonly number[] => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3];
/** `x[i], y[i], x[i + 1], y[i + 1]`. */
const interleave = (x: Value<'v128'>, y: Value<'v128'>, i: number): Value<'v128'> =>
  i8x16.shuffle(x, y, [...word(i), ...word(i + 4), ...word(i + 1), ...word(i + 5)]);
/** The first or second halves of both. */
const halves = (x: Value<'v128'>, y: Value<'v128'>, half: number): Value<'v128'> =>
  i8x16.shuffle(x, y, [...word(2 * half), ...word(2 * half + 1), ...word(4 + 2 * half), ...word(5 + 2 * half)]);
