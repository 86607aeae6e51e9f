/**
 * Where trees grow: one block of memory for all growers, so that the same views serve JavaScript, WebAssembly and workers.
 * Each grower has a plot of its own; behind the plots stand the votes of the caller and the field, which all read and none writes while trees grow.
 * Sizes are known before training; nothing is allocated while trees grow.
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
  /** So many columns lie side by side, row after row: 1, or `groupWidth` (see groups.ts). */
  readonly group: number;
  /** How many grow trees at the same time. */
  readonly growers: number;
  /** Bytes for votes out of bag; none where JavaScript counts them, or nobody does. */
  readonly votes: number;
}
/** Byte offsets into the block: first of the plot, then of the votes, then of the field. */
export interface Layout {
  /** Where the rest is, for WebAssembly: see wasm/header.ts. */
  readonly header: number;
  readonly entries: number;
  readonly spare: number;
  readonly pairs: number;
  readonly drawn: number;
  readonly leafOf: number;
  readonly histogram: number;
  readonly marks: number;
  readonly lanes: number;
  readonly sofar: number;
  readonly left: number;
  readonly best: number;
  readonly stack: number;
  readonly order: number;
  readonly constants: number;
  readonly importance: number;
  readonly feature: number;
  readonly cut: number;
  readonly right: number;
  readonly votes: number;
  readonly labels: number;
  readonly targets: number;
  readonly rowCodes: number;
  readonly codes: number;
  /** Of the whole block. */
  readonly bytes: number;
}

export interface Workspace extends Sizes {
  readonly layout: Layout;
  readonly target: Target;
  readonly buffer: ArrayBufferLike;
  /**
   * Two words a row: its number; what it counts: how often it was drawn in the low half, above it the class, or for two
   * classes how often it counts for class 1. A node owns a range of rows.
   */
  readonly entries: Uint32Array;
  /** Room for the rows that go right while a node is divided. */
  readonly spare: Uint32Array;
  /** Regression: of each row its weight, and that times its target less the mean of all. */
  readonly pairs: Float64Array;
  /** How often each row was drawn. */
  readonly drawn: Uint16Array;
  /** Of each row that the tree does not learn from: the number of its leaf. */
  readonly leafOf: Int32Array;
  /** Classification: the class of each row. */
  readonly labels: Uint16Array;
  /** Regression: one a row. */
  readonly targets: Float64Array;
  /** Column by column, or group by group: `codes[placeOf(workspace, feature) + group · row]`. */
  readonly codes: CodeArray;
  /** The same row by row, for nodes of few rows in wide tables of many; else empty. */
  readonly rowCodes: Uint8Array;
}

/** With more, the words of an entry, read as one number, might be NaN, whose bits an engine need not keep. */
export const mostClasses = 0x7fef;
/** How deep WebAssembly may grow a tree; deeper ones are grown by JavaScript. */
export const stackSlots = 1024;
/** Nodes of at most so many rows read the row-major codes where there are any: those rows stay in the cache. */
export const fewRows = 1024;
/** So many columns make rows worth keeping together. */
const wideTable = 100;

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
/** Bytes of the totals of a node: weight and ones, or classes, or weight and sum. */
export const slotBytes = (classes: number): number => (classes > 2 ? 16 * Math.ceil(classes / 4) : 16);
/** Vectors of eight lanes that hold the classes. */
export const vectorsOf = (classes: number): number => Math.ceil(classes / 8);

/** A line of the cache. */
export const groupWidth = 64;
/** So many rows of a group stay in the cache next to a core, and so many codes in the one behind. */
const groupedRows = 2 ** 14;
const groupedCodes = 2 ** 23;
/** More trees earn back what a second copy of the codes takes. */
const fewTrees = 40;

/** How many columns of a table lie side by side: why, see groups.ts. */
export const groupFor = (
  { rows, features, codeBytes }: Pick<Sizes, 'rows' | 'features' | 'codeBytes'>,
  trees: number,
): number =>
  codeBytes === 1 &&
  features >= wideTable &&
  features <= rows &&
  rows > fewRows &&
  rows <= groupedRows &&
  rows * features <= groupedCodes &&
  trees <= fewTrees
    ? groupWidth
    : 1;

/** Codes of all columns, the last group filled up. */
const codeCount = ({ rows, features, group }: Sizes): number => rows * group * Math.ceil(features / group);

export function layoutOf(sizes: Sizes, grower = 0): Layout {
  const { rows, features, classes, codeBytes, group, growers, votes } = sizes;
  const inRows = codeBytes === 1 && group === 1 && features >= wideTable && rows > fewRows;
  const plotBytes = plotOf(sizes, 0).end;
  const { end: _, ...plot } = plotOf(sizes, grower * plotBytes);
  const take = taker(growers * plotBytes);
  const number = classes === 0;
  return {
    ...plot,
    votes: take(votes),
    labels: take(number ? 0 : 2 * rows),
    targets: take(number ? 8 * rows : 0),
    rowCodes: take(inRows ? rows * features : 0),
    codes: take(codeBytes * codeCount(sizes)),
    bytes: take(0),
  };
}

/** Gives places one behind the other. */
function taker(start: number): (bytes: number) => number {
  let at = start;
  return (bytes) => {
    const place = at;
    at += align(bytes);
    return place;
  };
}

type Plot = Omit<Layout, 'votes' | 'labels' | 'targets' | 'rowCodes' | 'codes' | 'bytes'>;

function plotOf({ rows, features, classes, codeBytes }: Sizes, start: number): Plot & { readonly end: number } {
  const take = taker(start);
  const number = classes === 0;
  const native = codeBytes === 1;
  const binBytes = number ? 16 : classes === 2 ? 8 : Math.max(16 * vectorsOf(classes), 4 * (classes + 1));
  const nodes = native ? 2 * rows : 0;
  return {
    header: take(256),
    entries: take(8 * rows),
    // Behind the last row out of bag one more is written.
    spare: take(8 * rows + 64),
    pairs: take(number ? 16 * rows : 0),
    drawn: take(2 * rows),
    leafOf: take(4 * rows),
    histogram: take(native ? 256 * binBytes : 0),
    marks: take(32 + 256),
    lanes: take(Math.max(16 * vectorsOf(classes) + 16, 4 * classes)),
    sofar: take(slotBytes(classes)),
    left: take(slotBytes(classes)),
    best: take(slotBytes(classes)),
    stack: take(native ? stackSlots * (32 + slotBytes(classes)) : 0),
    order: take(4 * features),
    constants: take(4 * features),
    importance: take(8 * features),
    feature: take(4 * nodes),
    cut: take(4 * nodes),
    right: take(4 * nodes),
    end: take(0),
  };
}

/** The part that all growers read, as bytes. */
export function fieldOf({ layout, buffer }: Workspace): Uint8Array {
  return new Uint8Array(buffer, layout.labels, layout.bytes - layout.labels);
}

/** Views of one grower into the block; a fresh one where none is given. */
export function makeWorkspace(sizes: Sizes, buffer?: ArrayBufferLike, grower = 0): Workspace {
  const layout = layoutOf(sizes, grower);
  const block = buffer ?? new ArrayBuffer(layout.bytes);
  const { rows, features, classes, codeBytes } = sizes;
  const number = classes === 0;
  return {
    ...sizes,
    layout,
    buffer: block,
    target: number ? 'number' : classes === 2 ? 'binary' : 'classes',
    entries: new Uint32Array(block, layout.entries, 2 * rows),
    spare: new Uint32Array(block, layout.spare, 2 * rows),
    pairs: new Float64Array(block, layout.pairs, number ? 2 * rows : 0),
    drawn: new Uint16Array(block, layout.drawn, rows),
    leafOf: new Int32Array(block, layout.leafOf, rows),
    labels: new Uint16Array(block, layout.labels, number ? 0 : rows),
    targets: new Float64Array(block, layout.targets, number ? rows : 0),
    rowCodes: new Uint8Array(block, layout.rowCodes, layout.codes > layout.rowCodes ? rows * features : 0),
    codes:
      codeBytes === 1
        ? new Uint8Array(block, layout.codes, codeCount(sizes))
        : new Uint32Array(block, layout.codes, codeCount(sizes)),
  };
}
