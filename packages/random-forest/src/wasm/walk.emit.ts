/** Finding leaves for predictions, in WebAssembly. */
import { type FunctionBuilder, i32, i64, type Local, select, type WasmModule } from '@dendrite/wasm-assembler';
import type { I32 } from './scan.emit.ts';

export function emitWalk(m: WasmModule): void {
  m.function(
    'walk',
    { parameters: { root: 'i32', codes: 'i32', width: 'i32', rows: 'i32', out: 'i32' } },
    (f, { root, codes, width, rows, out }) => walk(f, root, codes, width, rows, out),
  );
}

/**
 * The leaf of each row in one tree, eight rows at once, so that eight loads are under way: a single walk would wait for each.
 * A node is eight bytes: feature in bits 0 … 15, cut in bits 16 … 31 (signed), address of the right child above; the left child
 * is the next node. A leaf has the cut −1 and is its own right child: rows that have arrived stay where they are.
 */
function walk(f: FunctionBuilder, root: I32, codes: I32, width: I32, rows: I32, out: I32): void {
  const at = f.let(codes);
  f.loop(0, rows, 8, (row) => {
    const places = Array.from({ length: 8 }, () => f.let(at));
    const nodes = places.map(() => f.let(root));
    for (let i = 1; i < 8; i++) places[i]?.set((places[i - 1] as Local<'i32'>).add(width));
    at.set((places[7] as Local<'i32'>).add(width));
    const moved = f.local('i32');
    const node = f.local('i64');
    const next = f.local('i32');
    f.repeat(
      () => {
        moved.set(0);
        nodes.forEach((own, i) => {
          node.set(i64.load(own));
          const word = i32.wrap_i64(node);
          const code = i32.load8_u((places[i] as Local<'i32'>).add(word.and(0xffff)));
          const right = i32.wrap_i64(node.shr_u(32));
          next.set(select(code.le_s(word.shr_s(16)), own.add(8), right));
          moved.set(moved.or(next.xor(own)));
          own.set(next);
        });
      },
      () => moved,
    );
    const to = f.let(out.add(row.shl(2)));
    nodes.forEach((own, i) => {
      f.i32.store(to, own, 4 * i);
    });
  });
}
