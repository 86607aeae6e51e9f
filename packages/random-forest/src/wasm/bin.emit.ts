/** Sorting a sample and turning values into codes, as binning/ does, in WebAssembly. */
import { f32, f64, f64x2, i8x16, i32, i64x2, type Value, v128, type WasmModule } from '@dendrite/wasm-assembler';

const digit = 11;
const buckets = 2 ** digit;
const passes = 3;
/** Bytes that `sort` needs for its counts. */
export const countBytes: number = 4 * passes * buckets;

export function emitBinning(m: WasmModule): void {
  // Three passes of counting over 11 bits each: from `from` to `to` and back, so that the result lies in `to`.
  m.function(
    'sort',
    { parameters: { from: 'i32', to: 'i32', counts: 'i32', count: 'i32' } },
    (f, { from, to, counts, count }) => {
      const bytes = f.let(count.shl(2));
      const place = (key: Value<'i32'>, pass: number): Value<'i32'> =>
        counts.add(
          key
            .shr_u(pass * digit)
            .and(buckets - 1)
            .shl(2),
        );
      f.memory.fill(counts, 0, countBytes);
      f.loop(0, bytes, 4, (i) => {
        const word = f.let(i32.load(from.add(i)));
        // Negative numbers turn round, positive ones go above them: then words sort as numbers do.
        const key = f.let(word.xor(word.shr_s(31).or(0x80000000)));
        f.i32.store(from.add(i), key);
        for (let pass = 0; pass < passes; pass++) {
          const at = f.let(place(key, pass));
          const offset = 4 * pass * buckets;
          f.i32.store(at, i32.load(at, offset).add(1), offset);
        }
      });
      for (let pass = 0; pass < passes; pass++) {
        const sum = f.local('i32');
        const offset = 4 * pass * buckets;
        f.loop(0, 4 * buckets, 4, (i) => {
          const own = f.let(i32.load(counts.add(i), offset));
          f.i32.store(counts.add(i), sum, offset);
          sum.set(sum.add(own));
        });
        const [source, target] = pass % 2 === 0 ? [from, to] : [to, from];
        f.loop(0, bytes, 4, (i) => {
          const key = f.let(i32.load(source.add(i)));
          const at = f.let(place(key, pass));
          const next = f.let(i32.load(at, offset));
          f.i32.store(at, next.add(1), offset);
          const last = pass === passes - 1;
          f.i32.store(target.add(next.shl(2)), last ? key.xor(key.shr_s(31).xor(-1).or(0x80000000)) : key);
        });
      }
    },
  );
  emitTranspose(m);
  // How many of 255 edges (those that are missing are infinite) lie below each value. A grid of cells, `cells.ts`, says where to
  // begin; two steps without a branch are nearly always enough.
  for (const wide of [false, true])
    m.function(
      wide ? 'encodeDoubles' : 'encodeFloats',
      {
        parameters: {
          values: 'i32',
          count: 'i32',
          edges: 'i32',
          first: 'i32',
          out: 'i32',
          low: 'f64',
          scale: 'f64',
          cells: 'f64',
        },
      },
      (f, { values, count, edges, first, out, low, scale, cells }) => {
        f.loop(0, count, (i) => {
          const value = f.let(wide ? f64.load(values.add(i.shl(3))) : f64.promote_f32(f32.load(values.add(i.shl(2)))));
          const place = f64x2.pmax(
            f64x2.splat(0),
            f64x2.pmin(f64x2.splat(cells), f64x2.splat(value.sub(low).mul(scale))),
          );
          const cell = i32.trunc_f64_s(f64x2.extract_lane(place, 0));
          const code = f.let(i32.load8_u(first.add(cell)));
          const isBelow = (): Value<'i32'> => f64.load(edges.add(code.shl(3))).lt(value);
          code.set(code.add(isBelow()));
          code.set(code.add(isBelow()));
          f.while(isBelow, () => code.set(code.add(1)));
          f.i32.store8(out.add(i), code);
        });
      },
    );
}

/** Eight columns of eight rows at a time, `rows` and `columns` being cut to multiples of eight. */
function emitTranspose(m: WasmModule): void {
  m.function(
    'transpose',
    { parameters: { from: 'i32', to: 'i32', rows: 'i32', columns: 'i32' } },
    (f, { from, to, rows, columns }) => {
      f.loop(0, rows.and(-8), 8, (row) => {
        f.loop(0, columns.and(-8), 8, (column) => {
          const at = f.let(from.add(column.mul(rows)).add(row));
          const next = (): Vector => {
            const part = f.let(v128.load64_zero(at));
            at.set(at.add(rows));
            return part;
          };
          // Pairs of columns, then fours, then whole rows, two in a vector.
          const halves = (a: Vector, b: Vector, bytes: number): readonly [Vector, Vector] => [
            f.let(interleaved(a, b, bytes, 0)),
            f.let(interleaved(a, b, bytes, 1)),
          ];
          const pair = (a: Vector, b: Vector): Vector => f.let(interleaved(a, b, 1, 0));
          const [low, high] = halves(pair(next(), next()), pair(next(), next()), 2);
          const [otherLow, otherHigh] = halves(pair(next(), next()), pair(next(), next()), 2);
          const parts = [...halves(low, otherLow, 4), ...halves(high, otherHigh, 4)];
          const place = f.let(to.add(row.mul(columns)).add(column));
          for (const part of parts)
            for (const lane of [0, 1]) {
              f.i64.store(place, i64x2.extract_lane(part, lane));
              place.set(place.add(columns));
            }
        });
      });
    },
  );
}

type Vector = Value<'v128'>;
/** Groups of `bytes` bytes of a and b in turn, from the lower or the upper half of both. */
function interleaved(a: Vector, b: Vector, bytes: number, half: 0 | 1): Vector {
  const lanes = Array.from({ length: 16 }, (_, i) => {
    const group = Math.floor(i / bytes);
    return (group % 2) * 16 + half * 8 + Math.floor(group / 2) * bytes + (i % bytes);
  });
  return i8x16.shuffle(a, b, lanes);
}
