/** Rows in panels of eight, one element of each behind the other: what a product with a transposed second operand reads. */
import type { Callable, WasmModule } from '@dendrite/wasm-assembler';
import { integers } from './parameters.ts';
import { transposeMatrix, turnEight } from './transpose-matrix.ts';

const names = ['begin', 'end', 'from', 'to', 'rows', 'panels'] as const;

/**
 * Defines `name(begin, end, from, to, rows, panels)`: rows of `width` in panels of eight, `[width, 8]` each, a panel a unit; a last
 * panel's missing columns are left as they are.
 */
export const packPanels = (
  m: WasmModule,
  name: string,
  width: number,
): Callable<Record<(typeof names)[number], 'i32'>, undefined> =>
  m.function(name, { parameters: integers(names), exported: false }, (f, { begin, end, from, to, rows, panels }) => {
    f.loop(begin, end, (unit) => {
      const matrix = f.let(unit.div_u(panels));
      const first = f.let(unit.sub(matrix.mul(panels)).shl(3));
      const source = f.let(
        from.add(
          matrix
            .mul(rows)
            .add(first)
            .mul(4 * width),
        ),
      );
      const target = f.let(to.add(unit.mul(32 * width)));
      const left = f.let(rows.sub(first));
      const columns = f.local('i32', width);
      f.if(
        left.ge_s(8),
        () => turnEight(f, { to: target, from: source, length: columns }),
        () => transposeMatrix(f, { to: target, from: source, rows: left, columns, toStep: 32 }),
      );
    });
  });
