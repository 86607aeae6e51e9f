/** Finding leaves for predictions, in WebAssembly. */
import { type FunctionBuilder, i32, i64, type Local, select, type WasmModule } from '@dendrite/wasm-assembler';
import type { I32 } from './scan.emit.ts';

type Lane = Local<'i32'>;

/**
 * Eight walks at once, so that eight loads are under way: a single one would wait for each. `walk`: the leaves of eight rows in
 * one tree; `walkTrees`: those of one row in eight trees, whose roots stand at `roots`.
 *
 * A node is eight bytes: feature in bits 0 … 15, cut in bits 16 … 31, address of the right child above; the left child is the
 * next node. A leaf has `~number` in its lower half, hence a negative cut, and is its own right child: walks that have arrived
 * stay where they are, and read any code within 64 kB of theirs. Given are the numbers of the leaves.
 */
export function emitWalk(m: WasmModule): void {
  m.function(
    'walk',
    { parameters: { root: 'i32', codes: 'i32', width: 'i32', rows: 'i32', out: 'i32' } },
    (f, { root, codes, width, rows, out }) => {
      const at = f.let(codes);
      f.loop(0, rows, lanes, (row) => {
        const places = Array.from({ length: lanes }, () => {
          const place = f.let(at);
          at.set(at.add(width));
          return place;
        });
        const nodes = places.map(() => f.let(root));
        goDown(f, places, nodes);
        storeAll(f, nodes, out.add(row.shl(2)));
      });
    },
  );
  m.function(
    'walkTrees',
    { parameters: { roots: 'i32', codes: 'i32', trees: 'i32', out: 'i32' } },
    (f, { roots, codes, trees, out }) => {
      f.loop(0, trees, lanes, (tree) => {
        const from = f.let(roots.add(tree.shl(2)));
        const nodes = Array.from({ length: lanes }, (_, i) => f.let(i32.load(from, 4 * i)));
        goDown(
          f,
          nodes.map(() => codes),
          nodes,
        );
        storeAll(f, nodes, out.add(tree.shl(2)));
      });
    },
  );
}
const lanes = 8;

function goDown(f: FunctionBuilder, places: readonly Lane[], nodes: readonly Lane[]): void {
  const moved = f.local('i32');
  const node = f.local('i64');
  const next = f.local('i32');
  f.repeat(
    () => {
      moved.set(0);
      nodes.forEach((own, i) => {
        node.set(i64.load(own));
        const word = i32.wrap_i64(node);
        const code = i32.load8_u((places[i] as Lane).add(word.and(0xffff)));
        const right = i32.wrap_i64(node.shr_u(32));
        next.set(select(code.le_s(word.shr_s(16)), own.add(8), right));
        moved.set(moved.or(next.xor(own)));
        own.set(next);
      });
    },
    () => moved,
  );
}

function storeAll(f: FunctionBuilder, nodes: readonly Lane[], to: I32): void {
  const at = f.let(to);
  nodes.forEach((node, i) => {
    f.i32.store(at, i32.load(node).xor(-1), 4 * i);
  });
}
