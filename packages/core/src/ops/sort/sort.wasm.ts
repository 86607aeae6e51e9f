/**
 * Rows in order, as pairs (key, index) of 64 bits: an element becomes a whole number that has its place in the order, NaN the largest
 * one, and the index behind it keeps equal elements in theirs. Few are sorted by insertion; more by four passes over the key's
 * bytes, lowest first, the last of which writes the result. A unit of work is a row.
 */
import type { Call, WasmKernel } from '@dendrite/spec';
import { constant, type FunctionBuilder, f32, i32, i64, select, type Value } from '@dendrite/wasm-assembler';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { integers } from '../../wasm-kernels/parameters.ts';
import { shapeOf, sizeOf } from '../strides.ts';

type Int = Value<'i32'>;

/** Elements up to which insertion is faster. */
const few = 32;
const bytes = [0, 1, 2, 3] as const;
const table = 4 * 256;
const lengthOf = ({ inputs: [x] }: Call): number => shapeOf(x).at(-1) ?? 1;
const names = ['begin', 'end', 'values', 'indices', 'x', 'scratch', 'own', 'length'] as const;

export const sortWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs: [x] }) => x?.dtype === 'float32' || x?.dtype === 'int32',
  specialize: ({ inputs: [x], attributes }) => ({
    dtype: x?.dtype ?? 'float32',
    descending: attributes.descending === true,
  }),
  arguments: (call) => [lengthOf(call)],
  /** Counts of each byte's values; pairs, and room for them in another order. */
  threadScratch: (call) => bytes.length * table + 16 * lengthOf(call),
  phases: [
    {
      entry: 'run',
      units: (call) => sizeOf(shapeOf(call.inputs[0])) / lengthOf(call),
      work: (call) => 500 * lengthOf(call),
    },
  ],
  emit({ dtype, descending }) {
    const m = kernelModule();
    m.function('run', { parameters: integers(names) }, (f, p) => {
      const pairs = f.let(p.own.add(bytes.length * table));
      const room = f.let(pairs.add(p.length.shl(3)));
      f.loop(p.begin, p.end, (row) => {
        const start = f.let(row.mul(p.length).shl(2));
        const [from, values, indices] = [p.x, p.values, p.indices].map((base) => f.let(base.add(start)));
        if (!from || !values || !indices) return;
        const key = (i: Int): Int => keyOf(f, from.add(i.shl(2)), dtype === 'float32', descending === true);
        const put = (place: Int, pair: Value<'i64'>): void => {
          const index = f.let(i32.wrap_i64(pair));
          const at = f.let(place.shl(2));
          f.i32.store(indices.add(at), index);
          f.i32.store(values.add(at), i32.load(from.add(index.shl(2))));
        };
        f.if(
          p.length.le_s(few),
          () => insert(f, { pairs, length: p.length, key, put }),
          () => radix(f, { counts: p.own, pairs, room, length: p.length, key, put }),
        );
      });
    });
    return m.toBytes();
  },
};

/** Unsigned, in the order that is asked for; 0 and −0 have one key, and all NaN the largest. */
function keyOf(f: FunctionBuilder, address: Int, float: boolean, descending: boolean): Int {
  if (!float) return f.let(i32.load(address).xor(descending ? 0x7fffffff : 0x80000000));
  const value = f.let(f32.load(address));
  const bits = f.let(select(f32.eq(value, 0), constant('i32', 0), i32.reinterpret_f32(value)));
  const key = f.let(bits.xor(bits.shr_s(31).or(0x80000000)));
  if (descending) key.set(key.xor(-1));
  return select(f32.eq(value, value), key, constant('i32', -1));
}

interface Sorting {
  readonly pairs: Int;
  readonly length: Int;
  key(i: Int): Int;
  /** Writes the element of a pair to its place in the result. */
  put(place: Int, pair: Value<'i64'>): void;
}
const pairOf = (key: Int, index: Int): Value<'i64'> => i64.extend_i32_u(key).shl(32).or(i64.extend_i32_u(index));

function insert(f: FunctionBuilder, { pairs, length, key, put }: Sorting): void {
  f.loop(0, length, (i) => {
    const pair = f.let(pairOf(key(i), i));
    const place = f.let(pairs.add(i.shl(3)));
    f.block((found) =>
      f.while(
        () => place.gt_u(pairs),
        () => {
          const before = f.let(i64.load(place.sub(8)));
          f.branchIf(found, before.lt_u(pair));
          f.i64.store(place, before);
          place.set(place.sub(8));
        },
      ),
    );
    f.i64.store(place, pair);
  });
  f.loop(0, length, (i) => put(i, f.let(i64.load(pairs.add(i.shl(3))))));
}

function radix(
  f: FunctionBuilder,
  { counts, pairs, room, length, key, put }: Sorting & { readonly counts: Int; readonly room: Int },
): void {
  f.memory.fill(counts, 0, bytes.length * table);
  const digit = (pair: Value<'i64'>, byte: number): Int =>
    i32
      .wrap_i64(pair.shr_u(32 + 8 * byte))
      .and(255)
      .shl(2);
  f.loop(0, length, (i) => {
    const pair = f.let(pairOf(key(i), i));
    f.i64.store(pairs.add(i.shl(3)), pair);
    for (const byte of bytes) {
      const count = f.let(counts.add(digit(pair, byte)));
      f.i32.store(count, i32.load(count, byte * table).add(1), byte * table);
    }
  });
  const [source, target] = [f.let(pairs), f.let(room)];
  for (const byte of bytes) {
    const last = byte === bytes.at(-1);
    const first = f.let(counts.add(byte * table));
    const pass = (): void => {
      // Counts become the places where each value's first pair goes.
      const sum = f.local('i32');
      f.loop(0, table, 4, (at) => {
        const count = f.let(i32.load(first.add(at)));
        f.i32.store(first.add(at), sum);
        sum.set(sum.add(count));
      });
      f.loop(source, source.add(length.shl(3)), 8, (at) => {
        const pair = f.let(i64.load(at));
        const counter = f.let(first.add(digit(pair, byte)));
        const place = f.let(i32.load(counter));
        f.i32.store(counter, place.add(1));
        if (last) put(place, pair);
        else f.i64.store(target.add(place.shl(3)), pair);
      });
      const sorted = f.let(target);
      target.set(source);
      source.set(sorted);
    };
    // Where all have one value there is nothing to move.
    const same = i32.load(first.add(digit(i64.load(source), byte))).eq(length);
    if (last) pass();
    else f.if(same.eqz(), pass);
  }
}
