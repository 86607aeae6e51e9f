/** Sorting a sample of numbers by their bits, as binning/sort-floats.ts does, in WebAssembly. */
import { i32, type Local, type Value, type WasmModule } from '@dendrite/wasm-assembler';

const digit = 11;
const buckets = 2 ** digit;
const passes = 3;
/** Bytes that `sort` needs for its counts. */
const countBytes: number = 4 * passes * buckets;

/** `sort(values, to, room, counts, count)`: three passes of counting over 11 bits each, from `values` to `to`, to `room` and back. */
export function emitSort(m: WasmModule): void {
  m.function(
    'sort',
    { parameters: { values: 'i32', to: 'i32', room: 'i32', counts: 'i32', count: 'i32' } },
    (f, { values, to, room, counts, count }) => {
      const bytes = f.let(count.shl(2));
      const place = (key: Value<'i32'>, pass: number): Value<'i32'> =>
        counts.add(
          key
            .shr_u(pass * digit)
            .and(buckets - 1)
            .shl(2),
        );
      // Negative numbers turn round, positive ones go above them: then words sort as numbers do.
      const keyAt = (at: Value<'i32'>): Local<'i32'> => {
        const word = f.let(i32.load(at));
        return f.let(word.xor(word.shr_s(31).or(0x80000000)));
      };
      f.memory.fill(counts, 0, countBytes);
      f.loop(values, values.add(bytes), 4, (value) => {
        const key = keyAt(value);
        for (let pass = 0; pass < passes; pass++) {
          const at = f.let(place(key, pass));
          const offset = 4 * pass * buckets;
          f.i32.store(at, i32.load(at, offset).add(1), offset);
        }
      });
      for (let pass = 0; pass < passes; pass++) {
        const sum = f.local('i32');
        const offset = 4 * pass * buckets;
        f.loop(counts, counts.add(4 * buckets), 4, (at) => {
          const own = f.let(i32.load(at, offset));
          f.i32.store(at, sum, offset);
          sum.set(sum.add(own));
        });
        const source = pass === 0 ? values : pass === 1 ? to : room;
        const target = pass === 1 ? room : to;
        f.loop(source, source.add(bytes), 4, (from) => {
          const key = pass === 0 ? keyAt(from) : f.let(i32.load(from));
          const at = f.let(place(key, pass));
          const next = f.let(i32.load(at, offset));
          f.i32.store(at, next.add(1), offset);
          const last = pass === passes - 1;
          f.i32.store(target.add(next.shl(2)), last ? key.xor(key.shr_s(31).xor(-1).or(0x80000000)) : key);
        });
      }
    },
  );
}
