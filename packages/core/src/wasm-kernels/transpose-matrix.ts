/** Transposes a matrix of float32 in blocks of 4 × 4. */
import { type FunctionBuilder, f32, i8x16, type Value, v128 } from '@dendrite/wasm-assembler';

type Int = Value<'i32'>;

export interface TransposedMatrix {
  readonly to: Int;
  readonly from: Int;
  readonly rows: Int;
  readonly columns: Int;
  /** Bytes from one row to the next. Default: dense. */
  readonly toStep?: Int | number;
  readonly fromStep?: Int | number;
}

/** `to[c, r] = from[r, c]`. */
export function transposeMatrix(
  f: FunctionBuilder,
  { to, from, rows, columns, toStep = rows.shl(2), fromStep = columns.shl(2) }: TransposedMatrix,
): void {
  const wholeRows = f.let(rows.and(-4));
  const wholeColumns = f.let(columns.and(-4));
  const [fromRow, step] = [f.local('i32', fromStep), f.local('i32', toStep)];
  const single = (r: Int, c: Int): void =>
    f.f32.store(to.add(c.mul(step)).add(r.shl(2)), f32.load(from.add(r.mul(fromRow)).add(c.shl(2))));
  f.loop(0, wholeRows, 4, (r) => {
    f.loop(0, wholeColumns, 4, (c) => {
      const source = f.let(from.add(r.mul(fromRow)).add(c.shl(2)));
      const lines: Value<'v128'>[] = [];
      for (let i = 0; i < 4; i++) {
        lines.push(f.let(v128.load(source)));
        source.set(source.add(fromRow));
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

/**
 * Eight rows of `length`, one behind the other, as `[length, 8]`: what packing a transposed operand of a product is made of.
 * `toStep`: bytes from one row of `to` to the next. Default: dense.
 */
export function turnEight(
  f: FunctionBuilder,
  {
    to,
    from,
    length,
    toStep = 32,
  }: { readonly to: Int; readonly from: Int; readonly length: Int; readonly toStep?: number },
): void {
  const [target, k] = [f.let(to), f.local('i32')];
  const rows = Array.from({ length: 8 }, (_, r) => f.let(from.add(length.mul(4 * r))));
  const whole = f.let(length.and(-4).shl(2));
  f.while(
    () => k.lt_s(whole),
    () => {
      for (const half of [0, 4]) {
        const [a, b, c, d] = rows.slice(half, half + 4).map((row) => f.let(v128.load(row.add(k))));
        if (!a || !b || !c || !d) continue;
        for (const [i, pair] of [0, 2].entries()) {
          const [left, right] = [f.let(interleave(a, b, pair)), f.let(interleave(c, d, pair))];
          for (const which of [0, 1])
            f.v128.store(target, halves(left, right, which), toStep * (2 * i + which) + 4 * half);
        }
      }
      target.set(target.add(4 * toStep));
      k.set(k.add(16));
    },
  );
  f.while(
    () => k.lt_s(length.shl(2)),
    () => {
      for (const [r, row] of rows.entries()) f.f32.store(target, f32.load(row.add(k)), 4 * r);
      target.set(target.add(toStep));
      k.set(k.add(4));
    },
  );
}

/** Four vectors as the rows of a 4 × 4 matrix; its columns. */
export function transposeFour(
  f: FunctionBuilder,
  [a, b, c, d]: readonly [Value<'v128'>, Value<'v128'>, Value<'v128'>, Value<'v128'>],
): readonly Value<'v128'>[] {
  return [0, 2].flatMap((pair) => {
    const [left, right] = [f.let(interleave(a, b, pair)), f.let(interleave(c, d, pair))];
    return [halves(left, right, 0), halves(left, right, 1)];
  });
}

const word = (i: number): readonly number[] => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3];
/** `x[i], y[i], x[i + 1], y[i + 1]`. */
const interleave = (x: Value<'v128'>, y: Value<'v128'>, i: number): Value<'v128'> =>
  i8x16.shuffle(x, y, [...word(i), ...word(i + 4), ...word(i + 1), ...word(i + 5)]);
/** The first or second halves of both. */
const halves = (x: Value<'v128'>, y: Value<'v128'>, half: number): Value<'v128'> =>
  i8x16.shuffle(x, y, [...word(2 * half), ...word(2 * half + 1), ...word(4 + 2 * half), ...word(5 + 2 * half)]);
