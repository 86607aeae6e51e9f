/**
 * Out-of-bag votes: each row judged by the trees that did not learn from it, about 0.368 of them. An estimate of the error
 * on new data that costs no data.
 * @source Breiman: Out-of-bag estimation (1996)
 */
import type { Tree } from '../tree/tree.ts';
import { type VoteKernels, wasmVotes } from '../wasm/wasm-votes.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const counting = () => import('./script-votes.ts');
const medians = () => import('./median-votes.ts');

/** How the votes are counted. */
export interface VoteSettings {
  /** 0: votes are numbers. */
  readonly classes: number;
  /** At most so many vote on a row. */
  readonly trees: number;
  readonly combine: 'mean' | 'mode' | 'median';
}
/** The votes so far, for a checkpoint. */
export interface KeptVotes {
  /** Trees that judged a row. */
  readonly judges: Int32Array;
  /** `[rows, classes]` whole votes; none of numbers. */
  readonly counts: Int32Array;
  /** `[rows, classes]` sums of class fractions, where a leaf gave any; `[rows]` sums of numbers, or all of them, row by row. */
  readonly sums: Float64Array;
}
/** Votes on all rows, whatever is predicted. */
export interface Votes {
  /** A tree's votes for rows that it did not draw: their numbers, and the number of each one's leaf. */
  add(tree: Tree, rows: Int32Array, leaves: Int32Array): void;
  /** How many rows were judged: nearly all after some fifteen trees. */
  judged(): number;
  /** Accuracy or R² over the judged rows, of which there is one at least. Of targets that are all alike: 1 if they are met, else 0. */
  score(): number;
  /** Codes or numbers. A row that nobody has judged has the most frequent class, or NaN. */
  predictions(): Float64Array | Uint16Array;
  kept(): KeptVotes;
}
/** Votes, whoever counts them. */
export interface OutOfBag extends Omit<Votes, 'add'> {
  add(...vote: Parameters<Votes['add']>): Promise<void>;
}

/**
 * WebAssembly counts votes where it can, from the first on: numbers, and whole votes for classes. The first leaf of several classes
 * hands over to JavaScript, which alone knows what R² is of targets that are all alike.
 * @param before  votes to go on from
 */
export async function outOfBag(
  targets: ArrayLike<number>,
  settings: VoteSettings,
  { before, kernels }: { readonly before?: KeptVotes | undefined; readonly kernels?: VoteKernels | undefined },
): Promise<OutOfBag> {
  const { classes, combine } = settings;
  const script = async (from?: KeptVotes): Promise<Votes> =>
    combine === 'median'
      ? (await medians()).medianVotes(targets, from)
      : classes > 0
        ? (await counting()).classVotes(targets, settings, from)
        : (await counting()).numberVotes(targets, from);
  let whole = before === undefined && kernels && combine !== 'median' ? wasmVotes(kernels) : undefined;
  let votes = whole ?? (await script(before));
  return {
    async add(tree, rows, leaves) {
      if (whole && classes > 0 && tree.values.length > 0) {
        votes = await script(whole.kept());
        whole = undefined;
      }
      votes.add(tree, rows, leaves);
    },
    judged: () => votes.judged(),
    score: () => votes.score(),
    predictions: () => votes.predictions(),
    kept: () => votes.kept(),
  };
}
