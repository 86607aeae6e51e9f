/** The leaves of the rows that a tree did not draw, found in the training codes, in WebAssembly. */
import { constant, i32, select, type WasmModule } from '@dendrite/wasm-assembler';
import { featureMask } from '../tree/tree.ts';
import { type I32, word } from './scan.emit.ts';

/**
 * `judge` writes the rows to `spare` and, behind room for all rows, the nodes of their leaves; gives how many there are. Eight
 * rows go down at once, so that eight loads are under way: a single walk would wait for each.
 */
export function emitJudge(m: WasmModule): void {
  m.function('judge', { parameters: { own: 'i32' }, result: 'i32' }, (f, { own }) => {
    const rows = f.let(word(own, 'rows'));
    const drawn = f.let(word(own, 'drawn'));
    const found = f.let(word(own, 'spare'));
    const to = f.let(found);
    f.loop(0, rows, (row) => {
      f.i32.store(to, row);
      // A row that was drawn is written over by the next.
      to.set(
        to.add(
          i32
            .load16_u(drawn.add(row.shl(1)))
            .eqz()
            .shl(2),
        ),
      );
    });
    const count = f.let(to.sub(found).shr_u(2));
    const out = f.let(found.add(rows.shl(2)));
    const [featureOf, cutOf, rightOf] = [
      f.let(word(own, 'feature')),
      f.let(word(own, 'cut')),
      f.let(word(own, 'right')),
    ];
    const rowCodes = f.let(word(own, 'rowCodes'));
    const features = f.let(word(own, 'features'));
    const isWide = f.let(rowCodes.ne(0));
    const codes = f.let(select(isWide, rowCodes, word(own, 'codes')));
    const stride = f.let(select(isWide, constant('i32', 1), rows));
    const step = f.let(select(isWide, features, constant('i32', 1)));
    const last = f.let(count.sub(1));
    f.loop(0, count, lanes, (first) => {
      // Behind the last row, the last row again.
      const row = (i: number): I32 => {
        const at = f.let(first.add(i));
        return i32.load(found.add(select(at.lt_s(last), at, last).shl(2)));
      };
      const walks = Array.from({ length: lanes }, (_, i) => ({
        place: f.let(codes.add(row(i).mul(step))),
        node: f.local('i32'),
      }));
      const moved = f.local('i32');
      f.repeat(
        () => {
          moved.set(0);
          for (const { place, node } of walks) {
            const at = f.let(node.shl(2));
            const question = f.let(i32.load(featureOf.add(at)));
            const isLeaf = f.let(question.shr_s(31));
            const feature = question.and(featureMask).and(isLeaf.xor(-1));
            const code = i32.load8_u(place.add(feature.mul(stride)));
            const child = select(code.le_s(i32.load(cutOf.add(at))), node.add(1), i32.load(rightOf.add(at)));
            node.set(select(isLeaf, node, child));
            moved.set(moved.or(isLeaf.xor(-1)));
          }
        },
        () => moved,
      );
      walks.forEach(({ node }, i) => void f.i32.store(out.add(first.shl(2)), node, 4 * i));
    });
    return count;
  });
}
const lanes = 8;
