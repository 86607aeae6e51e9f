/** The form for few columns and long sums: lanes along the sum. The second operand is transposed first, if it is not already. */
import { chunksOf, forEachChunk } from '../../wasm-kernels/chunks.ts';
import { dotTiles } from '../../wasm-kernels/dot-tiles.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { transposeMatrix } from '../../wasm-kernels/transpose-matrix.ts';
import { operands, type ProductForm } from './product-form.ts';

/** Rows of a unit of work. */
const unitRows = 12;
const parameters = { ...operands, rows: 'i32' } as const;

export const dotProduct: ProductForm = {
  constants: ({ transposeB, k, n }) => ({ transposeB, k, n }),
  arguments: ({ m }) => [m],
  scratch: ({ batch, k, n, transposeB }) => (transposeB ? 0 : 4 * batch * k * n),
  pack: { units: ({ batch, transposeB }) => (transposeB ? 0 : batch), work: ({ k, n }) => 8 * k * n },
  run: { units: ({ batch, m }) => batch * Math.ceil(m / unitRows), work: ({ k, n }) => 2 * unitRows * k * n },
  emit(constants, { relaxed }) {
    const [length, columns] = [Number(constants.k), Number(constants.n)];
    const matrixBytes = 4 * length * columns;
    const module = kernelModule();
    const tiles = dotTiles(module, { length, c: 4 * columns, relaxed });
    const heights = [tiles.tallest, ...[4, 2, 1].filter((height) => height < tiles.tallest)];
    const pairs = chunksOf(columns, 2);
    for (const width of [pairs.full > 0 ? pairs.height : 0, pairs.shorter > 0 ? pairs.height - 1 : 0])
      if (width > 0) for (const rows of heights) tiles.tile(rows, width);

    module.function('pack', { parameters }, (f, { begin, end, b, scratch }) => {
      f.loop(begin, end, (matrix) => {
        const from = f.let(b.add(matrix.mul(matrixBytes)));
        const to = f.let(scratch.add(matrix.mul(matrixBytes)));
        transposeMatrix(f, { to, from, rows: f.local('i32', length), columns: f.local('i32', columns) });
      });
    });
    module.function('run', { parameters }, (f, { begin, end, y, a, b, scratch, rows }) => {
      const right = constants.transposeB === true ? b : scratch;
      const units = f.let(rows.add(unitRows - 1).div_s(unitRows));
      f.loop(begin, end, (unit) => {
        const matrix = f.let(unit.div_s(units));
        const i = f.let(unit.rem_s(units).mul(unitRows));
        const until = f.let(i.add(unitRows));
        f.if(until.gt_s(rows), () => until.set(rows));
        const aAt = f.let(a.add(matrix.mul(rows).mul(4 * length)));
        const bAt = f.let(right.add(matrix.mul(matrixBytes)));
        const yAt = f.let(y.add(matrix.mul(rows).mul(4 * columns)));
        const tile = (height: number): void => {
          const ai = f.let(aAt.add(i.mul(4 * length)));
          const yi = f.let(yAt.add(i.mul(4 * columns)));
          forEachChunk(f, pairs, (j, width) =>
            f.do(tiles.tile(height, width)({ a: ai, b: bAt.add(j.mul(4 * length)), c: yi.add(j.shl(2)) })),
          );
        };
        f.while(
          () => i.add(tiles.tallest).le_s(until),
          () => {
            tile(tiles.tallest);
            i.set(i.add(tiles.tallest));
          },
        );
        const left = f.let(until.sub(i));
        for (const height of heights.slice(1))
          f.if(left.and(height), () => {
            tile(height);
            i.set(i.add(height));
          });
      });
    });
    return module.toBytes();
  },
};
