/** Sums of shares of rows, eight vectors at a time. A unit of work is all that lies before the axis. */
import { integers, kernelModule, multiplyAdd } from '@dendrite/core/wasm-kernels';
import type { Call, WasmKernel } from '@dendrite/spec';
import { f32, f32x4, i32, type Value, v128 } from '@dendrite/wasm-assembler';

type Int = Value<'i32'>;

/** Vectors whose sums are in registers: looking up a share costs as much as a few of them. */
const together = 8;

/** Rows before and after, and what lies before and behind their axis. */
function geometry({ inputs: [x], outputs: [y], attributes }: Call) {
  const axis = Number(attributes.axis);
  const shape = x?.shape ?? [];
  const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 1)].map((part) => part.reduce((a, b) => a * b, 1));
  return { outer: outer ?? 1, inner: inner ?? 1, length: shape[axis] ?? 0, count: y?.shape[axis] ?? 0 };
}
const termsOf = ({ inputs: [, from] }: Call): number => from?.shape[0] ?? 0;

export const mixRowsWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs: [x] }) => x?.dtype === 'float32',
  specialize: () => ({}),
  arguments(call) {
    const { inner, length, count } = geometry(call);
    return [length, count, 4 * inner, termsOf(call)];
  },
  phases: [
    {
      entry: 'run',
      units: (call) => geometry(call).outer,
      work(call) {
        const { inner, length, count } = geometry(call);
        return inner * (4 * (length + count) + 2 * termsOf(call));
      },
    },
  ],
  emit(_, { relaxed }) {
    const m = kernelModule();
    const names = [
      ...(['begin', 'end', 'y', 'x', 'from', 'to', 'shares', 'backTo', 'backFrom', 'backShares'] as const),
      ...(['scratch', 'length', 'count', 'row', 'terms'] as const),
    ] as const;
    m.function('run', { parameters: integers(names) }, (f, p) => {
      f.loop(p.begin, p.end, (unit) => {
        const source = f.let(p.x.add(unit.mul(p.length).mul(p.row)));
        const target = f.let(p.y.add(unit.mul(p.count).mul(p.row)));
        const first = f.local('i32');
        f.loop(0, p.count, (i) => {
          // Terms `first` to `last` are this row's.
          const last = f.let(first);
          f.while(
            () => last.lt_s(p.terms).and(i32.load(p.to.add(last.shl(2))).eq(i)),
            () => last.set(last.add(1)),
          );
          const eachTerm = (at: Int, body: (x: Int, share: Int) => void): void =>
            f.loop(first, last, (term) => {
              const offset = f.let(term.shl(2));
              body(f.let(source.add(i32.load(p.from.add(offset)).mul(p.row)).add(at)), f.let(p.shares.add(offset)));
            });
          const vectors = (at: Int, count: number): void => {
            const sums = Array.from({ length: count }, () => f.let(f32x4.splat(0)));
            eachTerm(at, (x, share) => {
              const weight = f.let(v128.load32_splat(share));
              for (const [v, sum] of sums.entries()) sum.set(multiplyAdd(v128.load(x, 16 * v), weight, sum, relaxed));
            });
            for (const [v, sum] of sums.entries()) f.v128.store(target.add(at), sum, 16 * v);
          };
          const [wide, whole] = [f.let(p.row.and(-16 * together)), f.let(p.row.and(-16))];
          f.loop(0, wide, 16 * together, (at) => vectors(at, together));
          f.loop(wide, whole, 16, (at) => vectors(at, 1));
          f.loop(whole, p.row, 4, (at) => {
            const sum = f.local('f32');
            eachTerm(at, (x, share) => sum.set(sum.add(f32.load(x).mul(f32.load(share)))));
            f.f32.store(target.add(at), sum);
          });
          target.set(target.add(p.row));
          first.set(last);
        });
      });
    });
    return m.toBytes();
  },
};
