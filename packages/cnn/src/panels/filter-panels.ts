/** Filters packed into panels, as tiles read them: wide ones where these suit, else of eight. */
import { panelRow, panelsOfEight, placesOf, widePanels } from '@dendrite/core/wasm-kernels';
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';
import { groupOut, type WasmConvolution, windowLength, windowRuns } from './wasm-geometry.ts';

type Int = Value<'i32'>;

/** Filters from which on their rows fall on few lines of the nearest cache. */
const many = 24;
/** Filters of the narrowest wide panel: sums of fewer, for two pixels, would wait for each other. */
const narrowest = 17;
/** Bytes from one row of a panel of eight to the next, whether it is full or not. */
const rowOfEight = 32;

export const isPacked = (g: WasmConvolution): boolean => g.filters >= many;

/**
 * Whether sums go filter row by filter row, for wide panels: with fused arithmetic, filters without groups, and windows whose rows are
 * each one run of memory. The bits depend on it, so no size of images decides.
 */
export const suitsWide = (g: WasmConvolution, relaxed: boolean): boolean =>
  relaxed &&
  g.groups === 1 &&
  isPacked(g) &&
  windowRuns(g).runs.length === 1 &&
  widePanels(g.filters).every(({ columns }) => columns >= narrowest);
/** Whether panels are wide: images of any size share a module with panels of eight. */
export const isWide = (g: WasmConvolution, relaxed: boolean): boolean => g.anySize === 0 && suitsWide(g, relaxed);

/** Bytes of a group's panels; in wide ones it is no more. */
export const packedGroup = (g: WasmConvolution): number => rowOfEight * Math.ceil(groupOut(g) / 8) * windowLength(g);
/** Bytes of all, and of a word behind them. */
export const packedBytes = (g: WasmConvolution): number => g.groups * packedGroup(g) + 16;

/** Fills `to`; `copy` writes so many filters, from one on, as a panel. */
export function packFilters(
  f: FunctionBuilder,
  g: WasmConvolution,
  { to, wide }: { readonly to: Int; readonly wide: boolean },
  copy: (panel: { readonly to: Int; readonly first: Int; readonly count: number; readonly toStep: number }) => void,
): void {
  const panels = placesOf(wide ? widePanels(g.filters) : panelsOfEight(groupOut(g)));
  f.loop(0, g.groups, (group) => {
    for (const { columns, count, column, bytes } of panels)
      f.loop(0, count, (j) => {
        const toStep = wide ? panelRow(columns) : rowOfEight;
        const first = f.let(group.mul(groupOut(g)).add(j.mul(columns)).add(column));
        const target = to.add(group.mul(packedGroup(g))).add(j.mul(toStep).add(bytes).mul(windowLength(g)));
        copy({ to: f.let(target), first, count: columns, toStep });
      });
  });
}
