/** Which rows a tree learns from, as grow/bag.ts draws and enters them, in WebAssembly. */
import { f64, f64x2, i32, i64, type Value, type WasmModule } from '@dendrite/wasm-assembler';
import { slotHeader } from './grow.emit.ts';
import { offsetOf, reals } from './header.ts';
import { word } from './scan.emit.ts';
import type { Variant } from './variant.ts';
import { xoshiro } from './xoshiro.emit.ts';

export function emitBag(m: WasmModule, { target }: Variant): void {
  m.function('draw', { parameters: { own: 'i32', count: 'i32' } }, (f, { own, count }) => {
    const below = xoshiro(f, own, offsetOf('bagSeed'));
    const drawn = f.let(word(own, 'drawn'));
    const rows = f.let(word(own, 'rows'));
    f.memory.fill(drawn, 0, rows.shl(1));
    f.loop(0, count, () => {
      const at = f.let(drawn.add(below(rows).shl(1)));
      f.i32.store16(at, i32.load16_u(at).add(1));
    });
  });
  m.function('enter', { parameters: { own: 'i32' }, result: 'i32' }, (f, { own }) => {
    const rows = f.let(word(own, 'rows'));
    const drawn = f.let(word(own, 'drawn'));
    const entries = f.let(word(own, 'entries'));
    const totals = f.let(word(own, 'stack').add(slotHeader));
    const to = f.let(entries);
    const store = (row: Value<'i32'>, tag: Value<'i32'>, times: Value<'i32'>): void => {
      f.i64.store(to, i64.extend_i32_u(row).or(i64.extend_i32_u(tag).shl(32)));
      // Rows that were not drawn are written over by the next.
      to.set(to.add(times.ne(0).shl(3)));
    };
    f.memory.fill(totals, 0, word(own, 'slotBytes'));
    const count = (row: Value<'i32'>): Value<'i32'> => i32.load16_u(drawn.add(row.shl(1)));
    if (target === 'number') {
      const targets = f.let(word(own, 'targets'));
      const pairs = f.let(word(own, 'pairs'));
      const offset = f.let(f64.load(own, reals.offset));
      const sums = f.let(f64x2.splat(0));
      f.loop(0, rows, (row) => {
        const times = f.let(count(row));
        const weight = f.let(f64.convert_i32_u(times));
        const part = weight.mul(f64.load(targets.add(row.shl(3))).sub(offset));
        const pair = f.let(f64x2.replace_lane(f64x2.splat(weight), part, 1));
        f.v128.store(pairs.add(row.shl(4)), pair);
        sums.set(f64x2.add(sums, pair));
        store(row, times, times);
      });
      f.v128.store(totals, sums);
    } else {
      const labels = f.let(word(own, 'labels'));
      f.loop(0, rows, (row) => {
        const times = f.let(count(row));
        const label = f.let(i32.load16_u(labels.add(row.shl(1))));
        if (target === 'binary') {
          const ones = f.let(times.mul(label));
          f.i32.store(totals, i32.load(totals).add(times));
          f.i32.store(totals, i32.load(totals, 4).add(ones), 4);
          store(row, ones.shl(16).or(times), times);
        } else {
          const own = f.let(totals.add(label.shl(2)));
          f.i32.store(own, i32.load(own).add(times));
          store(row, label.shl(16).or(times), times);
        }
      });
    }
    return to.sub(entries).shr_u(3);
  });
  // The rows that were not drawn, behind the room that the `entered` others need in `spare`; gives how many there are.
  m.function('leaveOut', { parameters: { own: 'i32', entered: 'i32' }, result: 'i32' }, (f, { own, entered }) => {
    const drawn = f.let(word(own, 'drawn'));
    const outside = f.let(word(own, 'spare').add(entered.shl(3)));
    const to = f.let(outside);
    f.loop(0, word(own, 'rows'), (row) => {
      f.i32.store(to, row);
      // A row that was drawn is written over by the next.
      const times = i32.load16_u(drawn.add(row.shl(1)));
      to.set(to.add(times.eqz().shl(2)));
    });
    return to.sub(outside).shr_u(2);
  });
  // Once the tree is grown: the rows that were not drawn, from the first to the last, and behind room for all rows their leaves.
  m.function('judge', { parameters: { own: 'i32' }, result: 'i32' }, (f, { own }) => {
    const [rows, drawn, leafOf] = [f.let(word(own, 'rows')), f.let(word(own, 'drawn')), f.let(word(own, 'leafOf'))];
    const found = f.let(word(own, 'spare'));
    const toLeaves = f.let(rows.shl(2));
    const to = f.let(found);
    f.loop(0, rows, (row) => {
      f.i32.store(to, row);
      f.i32.store(to.add(toLeaves), i32.load(leafOf.add(row.shl(2))));
      const times = i32.load16_u(drawn.add(row.shl(1)));
      to.set(to.add(times.eqz().shl(2)));
    });
    return to.sub(found).shr_u(2);
  });
}
