/** A few rows times a matrix of known size that is used again and again: packed once into panels as wide as a tile. */
import type { Callable, FunctionBuilder, Value, WasmModule } from '@dendrite/wasm-assembler';
import { copyPanel } from './copy-panel.ts';
import { integers } from './parameters.ts';
import { productTiles } from './product-tiles.ts';
import { tileHeights, tileRows } from './tile-rows.ts';
import { turnPanel } from './turn-panel.ts';
import { countOf, packedRow, panelRow, placesOf, stripesOf, widePanels } from './wide-panels.ts';

type Int = Value<'i32'>;

/** Elements of a sum that are added before the next ones: what a panel has of them stays in the nearest cache. */
const part = 256;

/** Units of packing, and bytes of a packed matrix of so many rows. */
export const widePanelCount = (columns: number): number => countOf(widePanels(columns));
export const widePanelBytes = (columns: number, rows: number): number => rows * packedRow(widePanels(columns));

export interface WideProductOptions {
  /** Told apart from other products of the module. */
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
}
const names = ['a', 'b', 'c', 'rows'] as const;

/** `c (+)= a · b` with `b` packed, a function of the module. */
export function wideProduct(
  m: WasmModule,
  { name, relaxed, columns, length, row, c: cStep, accumulate = false }: WideProductOptions,
): Callable<{ readonly [K in (typeof names)[number]]: 'i32' }, undefined> {
  const inParts = length > part;
  const places = placesOf(widePanels(columns)).map((place) => {
    const tiles = productTiles(m, {
      ...{ name: `${name}${place.columns}of`, relaxed, row, step: 4, b: panelRow(place.columns), c: cStep },
      ...{ accumulate: accumulate || (inParts && 'asked'), length: inParts ? 0 : length },
    });
    const stripes = stripesOf(place.columns, relaxed).map((stripe) => ({
      ...stripe,
      heights: tileHeights(tiles, stripe.columns, relaxed),
    }));
    return { ...place, tiles, stripes };
  });
  return m.function(`product${name}`, { parameters: integers(names), exported: false }, (f, p) => {
    f.loop(0, length, part, (k0) => {
      const count = f.local('i32', length);
      count.set(count.sub(k0));
      f.if(count.gt_s(part), () => count.set(part));
      const a = f.let(p.a.add(k0.shl(2)));
      for (const { columns: width, count: panels, column, bytes, tiles, stripes } of places)
        f.loop(0, panels, (panel) => {
          const before = panel.mul(panelRow(width) * length).add(bytes * length);
          const b = f.let(p.b.add(before).add(k0.mul(panelRow(width))));
          const c = f.let(p.c.add(panel.mul(4 * width)).add(4 * column));
          for (const { first, ...stripe } of stripes)
            tileRows(f, tiles, {
              ...{ ...stripe, rows: p.rows, length: count, more: k0, row, cStep },
              ...{ a, b: b.add(4 * first), c: c.add(4 * first) },
            });
        });
    });
  });
}

/** Packs panel `unit` of a matrix of `rows` × `columns`, or of its transpose, which lies in `from`, into its place in `to`. */
export function packWidePanel(
  f: FunctionBuilder,
  at: {
    readonly unit: Int;
    readonly from: Int;
    readonly to: Int;
    readonly rows: number;
    readonly columns: number;
    readonly turned: boolean;
  },
): void {
  const { unit, from, to, rows, columns, turned } = at;
  for (const { columns: width, count, panel, column, bytes } of placesOf(widePanels(columns)))
    f.if(unit.sub(panel).lt_u(count), () => {
      const j = f.let(unit.sub(panel));
      const target = f.let(to.add(j.mul(panelRow(width) * rows).add(bytes * rows)));
      const first = j.mul(width).add(column);
      if (turned)
        turnPanel(f, {
          ...{ to: target, from: f.let(from.add(first.mul(4 * rows))) },
          ...{ length: f.local('i32', rows), width },
        });
      else
        copyPanel(f, {
          ...{ to: target, from: from.add(first.shl(2)), rows, columns: width },
          ...{ fromStep: 4 * columns, toStep: panelRow(width) },
        });
    });
}
