/**
 * The form for a transposed first operand and a long sum, as the gradient of weights over all steps of all sequences has: parts of the
 * sum go outside, so each operand is read from far away once. A unit of work is a panel of columns; each part of it is copied to where
 * it stays in the nearest cache while all rows use it. The first operand is packed before, eight rows a panel, part after part.
 *
 * What it bought on one thread, beside the common form, which copies both operands whole: 128 × 3,200 × 512 5 to 10 %.
 * Copying still costs 9 % there; without it this product is as fast as one of two plain operands.
 */
import { type Value, v128 } from '@dendrite/wasm-assembler';
import { copyPanel } from '../../wasm-kernels/copy-panel.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { productTiles } from '../../wasm-kernels/product-tiles.ts';
import { countOf, panelRow, placesOf, stripesOf, widePanels, wideTile } from '../../wasm-kernels/wide-panels.ts';
import { operands, type ProductForm } from './product-form.ts';

type Int = Value<'i32'>;

/** Elements of a sum that are added before the next ones: a part of a panel fills most of the nearest cache. */
const part = 256;
/** Rows of a packed panel of `a`, and how many are packed together: more streams would fall on the same lines of the cache. */
const packedRows = 8;
const together = 48;
/** Rows of the packed operand, and bytes of it. */
const rowsOf = (m: number): number => packedRows * Math.ceil(m / packedRows);
const bytesOfA = ({ batch, m, k }: { readonly batch: number; readonly m: number; readonly k: number }): number =>
  4 * batch * rowsOf(m) * k;
const panelCount = (n: number): number => countOf(widePanels(n));
/** Bytes of a part of the widest panel. */
const panelBytes = (n: number): number =>
  part * Math.max(...placesOf(widePanels(n)).map(({ columns }) => panelRow(columns)));

const parameters = { ...operands, k: 'i32', panelsAt: 'i32' } as const;

export const longProduct: ProductForm = {
  constants: ({ m, n }) => ({ m, n }),
  arguments: (lengths) => [lengths.k, bytesOfA(lengths)],
  scratch: (lengths) => bytesOfA(lengths) + lengths.batch * panelCount(lengths.n) * panelBytes(lengths.n),
  pack: {
    units: ({ batch, m, k }) => batch * Math.ceil(k / part) * Math.ceil(m / together),
    work: () => 8 * part * together,
  },
  run: {
    units: ({ batch, n }) => batch * panelCount(n),
    work: ({ m, k, n }) => (2 * m * k * n) / panelCount(n),
  },
  emit(constants, { relaxed }) {
    const [rows, columns] = [Number(constants.m), Number(constants.n)];
    const panels = panelCount(columns);
    const places = placesOf(widePanels(columns));
    const m = kernelModule();
    const partsOf = (k: Int): Int => k.add(part - 1).div_u(part);
    const writtenFor = places.map((place) => {
      const strides = { row: 4, step: 4 * packedRows, b: panelRow(place.columns), c: 4 * columns };
      const tiles = productTiles(m, { ...strides, relaxed, accumulate: 'asked', name: `${place.columns}of` });
      const { rows: highest } = wideTile(relaxed);
      const heights = [highest, ...[2, 1].filter((height) => height < highest)];
      const stripes = stripesOf(place.columns, relaxed);
      for (const { columns } of stripes) for (const height of heights) tiles.tile(height, columns);
      return { ...place, tiles, stripes, heights };
    });

    m.function('pack', { parameters }, (f, { begin, end, a, scratch, k }) => {
      const groups = Math.ceil(rows / together);
      f.loop(begin, end, (unit) => {
        const group = f.let(unit.rem_u(groups));
        const pair = f.let(unit.div_u(groups));
        const parts = f.let(partsOf(k));
        const matrix = f.let(pair.div_u(parts));
        const from = f.let(pair.rem_u(parts).mul(part));
        const count = f.let(k.sub(from));
        f.if(count.gt_s(part), () => count.set(part));
        const source = f.let(a.add(matrix.mul(k).add(from).mul(rows).add(group.mul(together)).shl(2)));
        const first = f.let(matrix.mul(k).add(from).mul(rowsOf(rows)).add(group.mul(together).mul(count)).shl(2));
        const target = f.let(scratch.add(first));
        const some = (number: number): void => {
          const targets = Array.from({ length: Math.ceil(number / packedRows) }, (_, p) =>
            f.let(target.add(count.mul(4 * packedRows * p))),
          );
          f.loop(0, count, () => {
            for (const [p, to] of targets.entries()) {
              // Up to three elements more are copied, which no tile reads.
              for (const half of [0, 16])
                if (4 * number > 32 * p + half) f.v128.store(to, v128.load(source, 32 * p + half), half);
              to.set(to.add(4 * packedRows));
            }
            source.set(source.add(4 * rows));
          });
        };
        const last = rows - (groups - 1) * together;
        if (last === together) some(together);
        else if (groups === 1) some(last);
        else
          f.if(
            group.lt_s(groups - 1),
            () => some(together),
            () => some(last),
          );
      });
    });

    m.function('run', { parameters }, (f, { begin, end, y, b, scratch, k, panelsAt }) => {
      const own = f.let(scratch.add(panelsAt).add(begin.mul(panelBytes(columns))));
      const unit = f.let(begin);
      f.while(
        () => unit.lt_s(end),
        () => {
          // As many panels of one matrix as there are.
          const matrix = f.let(unit.div_s(panels));
          const first = f.let(unit.sub(matrix.mul(panels)));
          const last = f.let(end.sub(matrix.mul(panels)));
          f.if(last.gt_s(panels), () => last.set(panels));
          unit.set(matrix.add(1).mul(panels));
          const aAt = f.let(scratch.add(matrix.mul(k).mul(4 * rowsOf(rows))));
          const bAt = f.let(b.add(matrix.mul(k).mul(4 * columns)));
          const yAt = f.let(y.add(matrix.mul(4 * rows * columns)));
          f.loop(0, k, part, (k0) => {
            const length = f.let(k.sub(k0));
            f.if(length.gt_s(part), () => length.set(part));
            const aPart = f.let(aAt.add(k0.mul(4 * rowsOf(rows))));
            const bPart = f.let(bAt.add(k0.mul(4 * columns)));
            f.loop(first, last, (panel) => {
              for (const { columns: width, count, panel: before, column, tiles, stripes, heights } of writtenFor)
                f.if(panel.sub(before).lt_u(count), () => {
                  const at = f.let(
                    panel
                      .sub(before)
                      .mul(4 * width)
                      .add(4 * column),
                  );
                  copyPanel(f, {
                    ...{ to: own, from: bPart.add(at), rows: length, columns: width },
                    ...{ fromStep: 4 * columns, toStep: panelRow(width) },
                  });
                  const c = f.let(yAt.add(at));
                  for (const { first: stripe, columns: wide } of stripes) {
                    const row = f.local('i32');
                    const one = (height: number): void => {
                      const a = aPart.add(
                        row
                          .and(-packedRows)
                          .mul(length)
                          .add(row.and(packedRows - 1))
                          .shl(2),
                      );
                      const target = c.add(row.mul(4 * columns)).add(4 * stripe);
                      f.do(tiles.tile(height, wide)({ a, b: own.add(4 * stripe), c: target, length, more: k0 }));
                      row.set(row.add(height));
                    };
                    const [highest = 1, ...rest] = heights;
                    const whole = rows - (rows % highest);
                    if (whole > 0)
                      f.repeat(
                        () => one(highest),
                        () => row.lt_s(whole),
                      );
                    for (const height of rest) if ((rows - whole) & height) one(height);
                  }
                });
            });
          });
        },
      );
    });
    return m.toBytes();
  },
};
