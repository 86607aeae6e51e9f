/** The first 256 bytes of a plot: where what lies, and the settings. Shared by the kernels' emitters and their caller. */

/** Words of 32 bits. Addresses first, named as in the workspace's layout; then numbers. */
export const words = [
  'entries',
  'spare',
  'pairs',
  'drawn',
  'leafOf',
  'histogram',
  'marks',
  'lanes',
  'sofar',
  'left',
  'best',
  'stack',
  'order',
  'constants',
  'importance',
  'feature',
  'cut',
  'right',
  'labels',
  'targets',
  'rowCodes',
  'codes',
  'rows',
  'features',
  'group',
  'classes',
  'slotBytes',
  'maxFeatures',
  'minSamplesSplit',
  'maxDepth',
  'foundCut',
  /** Of the tree: leaves that have values of their own. */
  'openLeaves',
  /** Of the node in hand. */
  'totals',
  'bagSeed',
] as const;
export type Word = (typeof words)[number];
/** Byte offset of a word. `bagSeed` has four words, and `treeSeed` four behind them. */
export const offsetOf = (word: Word): number => 4 * words.indexOf(word);
export const treeSeed: number = offsetOf('bagSeed') + 16;
/** Byte offsets of 64-bit numbers: of the node in hand its weight and sum of squares; settings. */
export const reals = { all: 192, squares: 200, minImpurityDecrease: 208, offset: 216 } as const;

/** Bytes of `marks`: a bit a bin; behind them a byte a bin. */
export const markBytes = 32;

/** Byte offsets into the votes out of bag; behind them is what is counted of each row. */
export const voteTotals = { judged: 0, right: 4, end: 64 } as const;
