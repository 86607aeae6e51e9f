/** What a layer is made of: names, output shapes, parameters. */
import { defaultRuntime } from '@dendrite/core';
import type { LayerLike, Shape, Tensor, Tree } from '@dendrite/spec';
import { initChild, observeInit, type ShapeTree } from '../composition/bind-layer.ts';

export interface SummaryRow {
  /** Path of its parameters, `'0'`, `'stem.1'`; empty for the whole. */
  readonly path: string;
  /** Name of its factory or function. */
  readonly layer: string;
  readonly output: ShapeTree;
  /** Trainable numbers in it, its inner layers included. */
  readonly parameters: number;
  readonly depth: number;
}
export interface Summary {
  readonly rows: readonly SummaryRow[];
  readonly parameters: number;
  /** The rows as a table of plain text. */
  readonly text: string;
}

/**
 * Makes a layer's parameters once, notes every layer in it, and frees them.
 * @param layer       any layer or function
 * @param inputShape  with the batch axis: `[1, 28, 28, 1]`
 * @throws what `init` throws where the lengths do not fit
 * @example
 * import { lenet5 } from '@dendrite/cnn';
 * import { summary } from '@dendrite/nn';
 * console.log(summary(lenet5({ classes: 10 }), [1, 28, 28, 1]).text);
 */
export function summary(layer: LayerLike<Tensor, Tree>, inputShape: Shape): Summary {
  const runtime = defaultRuntime();
  const rows: SummaryRow[] = [];
  const open: { readonly path: string; readonly place: number }[] = [];
  const watcher = {
    enter(name: string): void {
      const path = [...open.slice(1).map((each) => each.path), ...(open.length === 0 ? [] : [name])];
      open.push({ path: open.length === 0 ? '' : name, place: rows.length });
      rows.push({ path: path.join('.'), layer: '', output: [], parameters: 0, depth: open.length - 1 });
    },
    leave(made: { readonly layer: string; readonly output: ShapeTree; readonly parameters: number }): void {
      const place = open.pop()?.place ?? 0;
      const row = rows[place];
      if (row) rows[place] = { ...row, ...made };
    },
  };
  runtime.trace(() =>
    runtime.scope(() => {
      observeInit(watcher, () => initChild(layer, 'summary', runtime.key(0), inputShape));
    }),
  );
  const parameters = rows[0]?.parameters ?? 0;
  return { rows, parameters, text: tableOf(rows, parameters) };
}

function tableOf(rows: readonly SummaryRow[], parameters: number): string {
  const lines = rows.map(({ path, layer, output, parameters: count, depth }) => [
    '  '.repeat(depth) + (path || '·'),
    layer,
    `[${String(output).replaceAll(',', ', ')}]`,
    grouped(count),
  ]);
  const table = [['path', 'layer', 'output', 'parameters'], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((line) => (line[column] ?? '').length)));
  const text = table.map((line) =>
    line
      .map((cell, column) => (column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [...text, `${grouped(parameters)} parameters`].join('\n');
}

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
