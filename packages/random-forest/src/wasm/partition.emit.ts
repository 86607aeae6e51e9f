/** Dividing a node's rows by a cut, in WebAssembly; both sides keep their order. */
import { type Callable, i32, i64, type WasmModule } from '@dendrite/wasm-assembler';
import { word } from './scan.emit.ts';

const parameters = { own: 'i32', base: 'i32', stride: 'i32', begin: 'i32', end: 'i32', cut: 'i32' } as const;

/** Codes up to the cut go left; gives how many did. */
export function emitPartition(m: WasmModule): Callable<typeof parameters, 'i32'> {
  return m.function(
    'partition',
    { parameters, result: 'i32', exported: false },
    (f, { own, base, stride, begin, end, cut }) => {
      const entries = f.let(word(own, 'entries'));
      const spare = f.let(word(own, 'spare'));
      const left = f.let(entries.add(begin.shl(3)));
      const start = f.let(left);
      const right = f.let(spare);
      // Both are written, one pointer moves: no branch to mispredict.
      f.loop(left, entries.add(end.shl(3)), 8, (at) => {
        const entry = f.let(i64.load(at));
        const code = i32.load8_u(base.add(i32.wrap_i64(entry).mul(stride)));
        const goesLeft = f.let(code.le_u(cut).shl(3));
        f.i64.store(left, entry);
        f.i64.store(right, entry);
        left.set(left.add(goesLeft));
        right.set(right.add(8).sub(goesLeft));
      });
      // Copying by the engine has its price for a call.
      f.if(
        right.sub(spare).gt_s(512),
        () => f.memory.copy(left, spare, right.sub(spare)),
        () => f.loop(0, right.sub(spare), 8, (i) => f.i64.store(left.add(i), i64.load(spare.add(i)))),
      );
      return left.sub(start).shr_u(3);
    },
  );
}

const outsideParameters = { base: 'i32', stride: 'i32', from: 'i32', to: 'i32', shift: 'i32', cut: 'i32' } as const;

/**
 * The same for rows out of bag, a word each, at the addresses from `from` to `to`; their order is nobody's business. They are
 * written `shift` bytes further on, from both ends. Gives the address there of the first that went right.
 */
export function emitPartitionOutside(m: WasmModule): Callable<typeof outsideParameters, 'i32'> {
  return m.function(
    'partitionOutside',
    { parameters: outsideParameters, result: 'i32', exported: false },
    (f, { base, stride, from, to, shift, cut }) => {
      const left = f.let(from.add(shift));
      const right = f.let(to.add(shift).sub(4));
      f.loop(from, to, 4, (at) => {
        const row = f.let(i32.load(at));
        const step = f.let(
          i32
            .load8_u(base.add(row.mul(stride)))
            .le_u(cut)
            .shl(2),
        );
        f.i32.store(left, row);
        f.i32.store(right, row);
        left.set(left.add(step));
        right.set(right.add(step).sub(4));
      });
      return left;
    },
  );
}
