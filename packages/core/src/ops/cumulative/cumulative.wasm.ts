/**
 * Running sums and products, in float64 and rounded for each element, as in JavaScript. One chain waits for itself, so eight go side
 * by side: rows, or columns. A unit of work is eight rows, or all that lies before the axis.
 */
import type { Call, WasmKernel } from '@dendrite/spec';
import { f32, f64, type Value } from '@dendrite/wasm-assembler';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { integers } from '../../wasm-kernels/parameters.ts';
import { aroundAxis, shapeOf } from '../strides.ts';

type Int = Value<'i32'>;

const together = 8;
const around = ({ inputs: [x], attributes }: Call) => {
  const [outer, length, inner] = aroundAxis(shapeOf(x), Number(attributes.axis));
  return { outer, length, inner };
};
const names = ['begin', 'end', 'y', 'x', 'scratch', 'outer', 'length', 'inner'] as const;

export const cumulativeWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs: [x] }) => x?.dtype === 'float32',
  specialize: (call) => ({
    product: call.attributes.kind === 'prod',
    exclusive: call.attributes.exclusive === true,
    reverse: call.attributes.reverse === true,
    rows: around(call).inner === 1,
  }),
  arguments(call) {
    const { outer, length, inner } = around(call);
    return [outer, length, inner];
  },
  phases: [
    {
      entry: 'run',
      units: (call) => (around(call).inner === 1 ? Math.ceil(around(call).outer / together) : around(call).outer),
      work(call) {
        const { length, inner } = around(call);
        return 20 * length * (inner === 1 ? together : inner);
      },
    },
  ],
  emit({ product, exclusive, reverse, rows }) {
    const m = kernelModule();
    m.function('run', { parameters: integers(names) }, (f, p) => {
      const apart = f.let(p.y.sub(p.x));
      /** Chains side by side, `gap` bytes from each other; their elements are `step` bytes apart. */
      const chains = (from: Int, count: number, gap: Int, step: Int): void => {
        const places = Array.from({ length: count }, (_, i) => f.let(from.add(gap.mul(i))));
        if (reverse === true) for (const at of places) at.set(at.add(p.length.sub(1).mul(step)));
        const totals = places.map(() => f.local('f64', product === true ? 1 : 0));
        f.loop(0, p.length, () => {
          for (const [i, total] of totals.entries()) {
            const at = places[i] ?? f.let(from);
            const value = f64.promote_f32(f32.load(at));
            const store = (): void => f.f32.store(at.add(apart), f32.demote_f64(total));
            if (exclusive === true) {
              const next = f.let(product === true ? f64.mul(total, value) : f64.add(total, value));
              store();
              total.set(next);
            } else {
              total.set(product === true ? f64.mul(total, value) : f64.add(total, value));
              store();
            }
            at.set(reverse === true ? at.sub(step) : at.add(step));
          }
        });
      };
      const inGroups = (from: Int, count: Int, gap: Int, step: Int): void => {
        const whole = f.let(count.and(-together));
        f.loop(0, whole, together, (i) => chains(f.let(from.add(i.mul(gap))), together, gap, step));
        f.loop(whole, count, (i) => chains(f.let(from.add(i.mul(gap))), 1, gap, step));
      };
      const four = f.local('i32', 4);
      if (rows === true) {
        const row = f.let(p.length.shl(2));
        const first = f.let(p.begin.mul(together));
        const last = f.let(p.end.mul(together));
        f.if(last.gt_s(p.outer), () => last.set(p.outer));
        inGroups(f.let(p.x.add(first.mul(row))), f.let(last.sub(first)), row, four);
      } else {
        const step = f.let(p.inner.shl(2));
        f.loop(p.begin, p.end, (unit) => inGroups(f.let(p.x.add(unit.mul(p.length).mul(step))), p.inner, four, step));
      }
    });
    return m.toBytes();
  },
};
