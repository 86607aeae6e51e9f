/**
 * Where a tree grows: one block of memory with everything that kernels read and write, so that the same views serve
 * JavaScript and WebAssembly. Sizes are known before training; nothing is allocated while trees grow.
 */

export type CodeArray = Uint8Array | Uint32Array;
/** What is predicted: two classes, several, or a number. */
export type Target = 'binary' | 'classes' | 'number';

export interface Sizes {
  readonly rows: number;
  readonly features: number;
  /** Classes; 0 for regression. */
  readonly classes: number;
  /** Bytes of a code: 1 for histograms, 4 for exact splits. */
  readonly codeBytes: 1 | 4;
  /** The largest number of codes of a column, that of missing values included. */
  readonly bins: number;
}
/** Byte offsets into the block. */
export interface Layout {
  readonly entries: number;
  readonly spare: number;
  readonly targets: number;
  readonly histogram: number;
  readonly marks: number;
  readonly totals: number;
  readonly left: number;
  readonly result: number;
  readonly scratch: number;
  readonly codes: number;
  readonly bytes: number;
}

export interface Workspace extends Sizes {
  readonly layout: Layout;
  readonly target: Target;
  /** Two words a row: its number; class · 2¹⁶ + how often it was drawn. A node owns a range of rows. */
  readonly entries: Uint32Array;
  /** Room for the rows that go right while a node is divided. */
  readonly spare: Uint32Array;
  /** Regression: one a row, less the mean of all. */
  readonly targets: Float64Array;
  /** Histograms of the fast kernels, all zero between calls. */
  readonly counts: Int32Array;
  readonly sums: Float64Array;
  /** One bit a bin that was touched; all zero between calls. */
  readonly marks: Uint32Array;
  /** Of the node in hand: weight of each class, or weight and sum. */
  readonly totals: Float64Array;
  /** The same of the left side of the best cut of the last scan. */
  readonly left: Float64Array;
  /** `[cut, next code]` of the last scan; what `enter` of the kernels keeps of a node. */
  readonly result: Float64Array;
  /** Column by column, `codes[feature · rows + row]`. */
  readonly codes: CodeArray;
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Words of a bin of several classes: its weight, the classes, and what fills the last four. */
export const binLanes = (classes: number): number => Math.ceil((classes + 1) / 4) * 4;

/** The first 64 bytes say where the rest is; see wasm/header.ts. */
export function layoutOf({ rows, features, classes, codeBytes }: Sizes): Layout {
  let at = 64;
  const take = (bytes: number): number => {
    const start = at;
    at += align(bytes);
    return start;
  };
  const lanes = binLanes(classes);
  const width = Math.max(2, classes);
  return {
    entries: take(8 * rows),
    spare: take(8 * rows),
    targets: take(classes === 0 ? 8 * rows : 0),
    histogram: take((classes === 0 ? 16 : Math.max(8, 4 * lanes)) * 256),
    marks: take(32),
    totals: take(8 * width),
    // Kernels write whole vectors of four classes.
    left: take(8 * Math.max(width, lanes)),
    result: take(64),
    scratch: take(4 * lanes),
    codes: take(codeBytes * rows * features),
    bytes: at,
  };
}

/** Views into a block; a fresh one where none is given. */
export function makeWorkspace(sizes: Sizes, buffer?: ArrayBufferLike): Workspace {
  const layout = layoutOf(sizes);
  const block = buffer ?? new ArrayBuffer(layout.bytes);
  const { rows, features, classes, codeBytes } = sizes;
  const width = Math.max(2, classes);
  const histogramBytes = layout.marks - layout.histogram;
  return {
    ...sizes,
    layout,
    target: classes === 0 ? 'number' : classes === 2 ? 'binary' : 'classes',
    entries: new Uint32Array(block, layout.entries, 2 * rows),
    spare: new Uint32Array(block, layout.spare, 2 * rows),
    targets: new Float64Array(block, layout.targets, classes === 0 ? rows : 0),
    counts: new Int32Array(block, layout.histogram, histogramBytes / 4),
    sums: new Float64Array(block, layout.histogram, histogramBytes / 8),
    marks: new Uint32Array(block, layout.marks, 8),
    totals: new Float64Array(block, layout.totals, width),
    left: new Float64Array(block, layout.left, width),
    result: new Float64Array(block, layout.result, 8),
    codes:
      codeBytes === 1
        ? new Uint8Array(block, layout.codes, rows * features)
        : new Uint32Array(block, layout.codes, rows * features),
  };
}
