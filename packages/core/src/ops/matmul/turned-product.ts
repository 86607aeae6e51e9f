/**
 * The form for a transposed first operand and few columns, as the gradient of a narrow layer's weights has: lanes run along the
 * rows, which lie side by side, so yᵀ is computed, in scratch, and turned. The sum is the same single chain.
 */
import { chunksOf, forEachChunk } from '../../wasm-kernels/chunks.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { productTiles } from '../../wasm-kernels/product-tiles.ts';
import { transposeMatrix } from '../../wasm-kernels/transpose-matrix.ts';
import { operands, type ProductForm } from './product-form.ts';

/** Rows of y of a unit of work: a line of the cache. */
const unitRows = 16;
/** Elements of a sum that are added before the next rows come: so many lines stay in the nearest cache. */
const part = 256;
const unitsOf = (m: number): number => Math.ceil(m / unitRows);
const parameters = { ...operands, length: 'i32' } as const;

export const turnedProduct: ProductForm = {
  constants: ({ m, n }) => ({ m, n }),
  arguments: ({ k }) => [k],
  scratch: ({ batch, m, n }) => 4 * unitRows * batch * unitsOf(m) * n,
  pack: { units: () => 0, work: () => 0 },
  run: { units: ({ batch, m }) => batch * unitsOf(m), work: ({ k, n }) => 2 * unitRows * k * n },
  emit(constants, { relaxed }) {
    const [rows, columns] = [Number(constants.m), Number(constants.n)];
    const units = unitsOf(rows);
    const module = kernelModule();
    // In these tiles rows are y's columns, and columns are its rows.
    const strides = { row: 4, step: 4 * columns, b: 4 * rows, c: 4 * unitRows };
    const tiles = productTiles(module, { ...strides, relaxed, accumulate: 'asked' });
    const lastRows = rows - (units - 1) * unitRows;
    const widthsOf = (count: number): readonly number[] => (count > 8 ? [8, count - 8] : [count]);
    const chunks = (width: number) => chunksOf(columns, tiles.tallest(width));
    for (const width of [...(units > 1 ? [8] : []), ...widthsOf(lastRows)])
      for (const height of [chunks(width).height, chunks(width).height - 1]) if (height > 0) tiles.tile(height, width);

    module.function('pack', { parameters }, () => {});
    module.function('run', { parameters }, (f, { begin, end, y, a, b, scratch, length }) => {
      f.loop(begin, end, (unit) => {
        const matrix = f.let(unit.div_s(units));
        const place = f.let(unit.rem_s(units));
        const aAt = f.let(a.add(matrix.mul(length).mul(4 * rows)).add(place.mul(4 * unitRows)));
        const bAt = f.let(b.add(matrix.mul(length).mul(4 * columns)));
        const to = f.let(scratch.add(unit.mul(4 * unitRows * columns)));
        const target = f.let(
          y.add(
            matrix
              .mul(rows)
              .add(place.mul(unitRows))
              .mul(4 * columns),
          ),
        );
        const rowsOfUnit = (count: number): void => {
          const k0 = f.local('i32');
          f.repeat(
            () => {
              const some = f.let(length.sub(k0));
              f.if(some.gt_s(part), () => some.set(part));
              const sums = f.let(bAt.add(k0.mul(4 * columns)));
              for (const [p, width] of widthsOf(count).entries()) {
                const lanes = f.let(aAt.add(k0.mul(4 * rows)).add(32 * p));
                forEachChunk(f, chunks(width), (j, height) => {
                  const c = to.add(j.mul(4 * unitRows)).add(32 * p);
                  f.do(tiles.tile(height, width)({ a: sums.add(j.shl(2)), b: lanes, c, length: some, more: k0 }));
                });
              }
              k0.set(k0.add(part));
            },
            () => k0.lt_s(length),
          );
          const sizes = { rows: f.local('i32', columns), columns: f.local('i32', count) };
          transposeMatrix(f, { to: target, from: to, ...sizes, fromStep: 4 * unitRows });
        };
        if (lastRows === unitRows) rowsOfUnit(unitRows);
        else if (units === 1) rowsOfUnit(lastRows);
        else
          f.if(
            place.eq(units - 1),
            () => rowsOfUnit(lastRows),
            () => rowsOfUnit(unitRows),
          );
      });
    });
    return module.toBytes();
  },
};
