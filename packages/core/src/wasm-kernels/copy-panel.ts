/** Some columns of a matrix, one row behind the other: what a tile reads again and again should lie together. */
import { type FunctionBuilder, type Operand, type Value, v128 } from '@dendrite/wasm-assembler';

/** `to[r, …] = from[r, …]` for a few `columns`. Up to three columns more are copied. */
export function copyPanel(
  f: FunctionBuilder,
  at: {
    readonly to: Value<'i32'>;
    readonly from: Value<'i32'>;
    readonly rows: Operand<'i32'>;
    readonly columns: number;
    /** Bytes from one row to the next; of `to` by default 32. */
    readonly fromStep: number;
    readonly toStep?: number;
  },
): void {
  const [to, from] = [f.let(at.to), f.let(at.from)];
  f.loop(0, at.rows, () => {
    for (let v = 0; v < Math.ceil(at.columns / 4); v++) f.v128.store(to, v128.load(from, 16 * v), 16 * v);
    to.set(to.add(at.toStep ?? 32));
    from.set(from.add(at.fromStep));
  });
}
