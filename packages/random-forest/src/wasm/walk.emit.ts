/** Finding leaves for predictions, in WebAssembly. */
import { type FunctionBuilder, i32, i64, type Local, select, type WasmModule } from '@dendrite/wasm-assembler';
import type { I32 } from './scan.emit.ts';

type Lane = Local<'i32'>;

/**
 * Eight walks at once, so that eight loads are under way: a single one would wait for each. Walk i begins at the root whose address
 * stands at `roots + i · rootStep` and reads codes from `codes + i · codeStep` on; so with steps `0, width` many rows go down one
 * tree, and with `4, 0` one row goes down many. Given are the numbers of the leaves.
 *
 * A node is eight bytes: feature in bits 0 … 15, cut in bits 16 … 31, address of the right child above; the left child is the
 * next node. A leaf has `~number` in its lower half, hence a negative cut, and is its own right child: walks that have arrived
 * stay where they are, and read any code within 64 kB of theirs.
 */
export function emitWalk(m: WasmModule): void {
  m.function(
    'walk',
    { parameters: { roots: 'i32', rootStep: 'i32', codes: 'i32', codeStep: 'i32', walks: 'i32', out: 'i32' } },
    (f, { roots, rootStep, codes, codeStep, walks, out }) => {
      const [root, code] = [f.let(roots), f.let(codes)];
      f.loop(0, walks, lanes, (walk) => {
        const [nodes, places]: [Lane[], Lane[]] = [[], []];
        for (let lane = 0; lane < lanes; lane++) {
          nodes.push(f.let(i32.load(root)));
          places.push(f.let(code));
          root.set(root.add(rootStep));
          code.set(code.add(codeStep));
        }
        goDown(f, places, nodes);
        storeAll(f, nodes, out.add(walk.shl(2)));
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
