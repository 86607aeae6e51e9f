/** A few rows times a matrix that is used again and again: packed once into panels as wide as a tile. */
import type { Callable, FunctionBuilder, Value, WasmModule } from '@dendrite/wasm-assembler';
import { copyPanel } from './copy-panel.ts';
import { integers } from './parameters.ts';
import { productTiles } from './product-tiles.ts';
import { turnPanel } from './turn-panel.ts';
import { countOf, packedRow, panelRow, placesOf, widePanels, wideTile } from './wide-panels.ts';

type Int = Value<'i32'>;

/** Elements of a sum that are added before the next ones: what a panel has of them stays in the nearest cache. */
const part = 256;

/** Units of packing, and bytes of a packed matrix of so many rows. */
export const widePanelCount = (columns: number): number => countOf(widePanels(columns));
export const widePanelBytes = (columns: number, rows: number): number => rows * packedRow(widePanels(columns));

export interface WideProductOptions {
  readonly name: string;
  readonly relaxed: boolean;
  /** Columns of the matrix, and its rows: the length of a sum. */
  readonly columns: number;
  readonly length: number;
  /** Bytes from one row of `a`, of `c`, to the next. */
  readonly row: number;
  readonly c: number;
  /** Adds to what is in `c`. Default false. */
  readonly accumulate?: boolean;
  /** The matrix to pack is transposed. Default false. */
  readonly turned?: boolean;
}
const names = ['a', 'b', 'c', 'rows'] as const;

export interface WideProduct {
  /** Packs panel `unit` of the matrix `from` into its place in `to`. */
  pack(f: FunctionBuilder, at: { readonly unit: Int; readonly from: Int; readonly to: Int }): void;
  /** `c (+)= a · b` with `b` packed: a function of the module. */
  readonly product: Callable<{ readonly [K in (typeof names)[number]]: 'i32' }, undefined>;
}

export function wideProduct(
  m: WasmModule,
  { name, relaxed, columns, length, row, c: cStep, accumulate = false, turned = false }: WideProductOptions,
): WideProduct {
  const tile = wideTile(relaxed);
  const inParts = length > part;
  const heights = [tile.rows, ...[2, 1].filter((height) => height < tile.rows)];
  const places = placesOf(widePanels(columns)).map((place) => {
    const tiles = productTiles(m, {
      ...{ name: `${name}${place.columns}of`, relaxed, row, step: 4, b: panelRow(place.columns), c: cStep },
      ...{ accumulate: accumulate || (inParts ? 'asked' : false), length: inParts ? 0 : length },
    });
    const stripes = Array.from({ length: Math.ceil(place.columns / tile.columns) }, (_, i) => ({
      first: i * tile.columns,
      width: Math.min(tile.columns, place.columns - i * tile.columns),
    }));
    for (const { width } of stripes) for (const height of heights) tiles.tile(height, width);
    return { ...place, tiles, stripes };
  });

  const product = m.function(`product${name}`, { parameters: integers(names), exported: false }, (f, p) => {
    f.loop(0, length, part, (k0) => {
      const count = f.let(k0.mul(-1).add(length));
      f.if(count.gt_s(part), () => count.set(part));
      const aPart = f.let(p.a.add(k0.shl(2)));
      for (const { columns: width, count: panels, column, bytes, tiles, stripes } of places)
        f.loop(0, panels, (panel) => {
          const b = f.let(
            p.b.add(panel.mul(panelRow(width) * length).add(bytes * length)).add(k0.mul(panelRow(width))),
          );
          for (const { first, width: wide } of stripes) {
            const [a, c, left] = [
              f.let(aPart),
              f.let(p.c.add(panel.mul(4 * width)).add(4 * (column + first))),
              f.let(p.rows),
            ];
            const one = (height: number): void => {
              f.do(tiles.tile(height, wide)({ a, b: b.add(4 * first), c, length: count, more: k0 }));
              a.set(a.add(height * row));
              c.set(c.add(height * cStep));
              left.set(left.sub(height));
            };
            f.while(
              () => left.ge_s(tile.rows),
              () => one(tile.rows),
            );
            for (const height of heights.slice(1)) f.if(left.and(height), () => one(height));
          }
        });
    });
  });

  return {
    product,
    pack(f, { unit, from, to }) {
      for (const { columns: width, count, panel, column, bytes } of places)
        f.if(unit.sub(panel).lt_u(count), () => {
          const j = f.let(unit.sub(panel));
          const target = f.let(to.add(j.mul(panelRow(width) * length).add(bytes * length)));
          const first = j.mul(width).add(column);
          if (turned)
            turnPanel(f, {
              ...{ to: target, from: f.let(from.add(first.mul(4 * length))) },
              ...{ length: f.local('i32', length), width },
            });
          else
            copyPanel(f, {
              ...{ to: target, from: from.add(first.shl(2)), rows: length, columns: width },
              ...{ fromStep: 4 * columns, toStep: panelRow(width) },
            });
        });
    },
  };
}
