/**
 * The cut finder for everything that the fast kernels leave out: missing values with a learned direction, categories in
 * groups, exact splits, random cuts, weights that are not whole, entropy, a least number of rows in a leaf.
 *
 * The codes that occur in the node are put in order (categories by the mean of their targets, or by the share of the node's
 * largest class), and every place between two of them is tried; with missing values twice, on the left and on the right.
 */
import type { Bins } from '../binning/bins.ts';
import type { Stream } from '../stream/stream.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Criterion, gainOf } from './criterion.ts';
import { classOf, constant, type NodeSums, refused } from './kernels.ts';

export interface GeneralSettings {
  readonly bins: readonly Bins[];
  readonly criterion: Criterion;
  readonly minSamplesLeaf: number;
  /** One a row, on top of how often it was drawn. */
  readonly rowWeights?: Float64Array;
  /** One random cut a feature instead of the best one. */
  readonly random: boolean;
}
/** What a cut is besides `result[0]` and `left`. */
export interface GeneralCut {
  missingLeft: boolean;
  /** Which codes go left, where the feature is a category. */
  readonly set: Uint32Array;
}
export interface GeneralScan {
  scan(begin: number, end: number, feature: number, stream: Stream): number;
  readonly cut: GeneralCut;
}

/**
 * @source Breiman et al.: Classification and Regression Trees (1984), 4.2.2 and 8.8 (groups of categories in the order of
 *         their means hold the best one); Geurts, Ernst, Wehenkel: Extremely randomized trees (2006)
 */
export function generalScan(workspace: Workspace, sums: NodeSums, settings: GeneralSettings): GeneralScan {
  const { entries, codes, rows, pairs, classes } = workspace;
  const { totals, left, result } = sums;
  const { bins, criterion, minSamplesLeaf, rowWeights, random } = settings;
  const mostCodes = bins.reduce((most, { count, missing }) => Math.max(most, count, missing + 1), 1);
  const width = Math.max(2, classes);
  const histogram = new Float64Array(mostCodes * width);
  const rowsOf = new Uint32Array(mostCodes);
  const keys = new Float64Array(mostCodes);
  const found = new Uint32Array(mostCodes);
  const sofar = new Float64Array(width);
  const cut: GeneralCut = { missingLeft: false, set: new Uint32Array(8) };

  /** Fills the histogram; gives how many different codes there are. */
  const gather = (begin: number, end: number, feature: number): number => {
    const offset = feature * rows;
    let different = 0;
    for (let i = 2 * begin; i < 2 * end; i += 2) {
      const row = entries[i] as number;
      const tag = entries[i + 1] as number;
      const code = codes[offset + row] as number;
      const weight = (tag & 0xffff) * (rowWeights === undefined ? 1 : (rowWeights[row] as number));
      if (rowsOf[code] === 0) found[different++] = code;
      rowsOf[code] = (rowsOf[code] as number) + 1;
      if (classes > 0) {
        const at = code * width + classOf(tag, classes);
        histogram[at] = (histogram[at] as number) + weight;
      } else {
        const at = 2 * code;
        histogram[at] = (histogram[at] as number) + weight;
        histogram[at + 1] = (histogram[at + 1] as number) + (pairs[2 * row + 1] as number);
      }
    }
    return different;
  };
  /** Categories by their mean target, the code deciding between equals. */
  const sortByMean = (known: number): void => {
    let largest = 0;
    for (let k = 1; k < classes; k++) if ((totals[k] as number) > (totals[largest] as number)) largest = k;
    for (let i = 0; i < known; i++) {
      const code = found[i] as number;
      let weight = histogram[code * width] as number;
      if (classes > 0) for (let k = 1; k < classes; k++) weight += histogram[code * width + k] as number;
      keys[code] = (histogram[code * width + (classes > 0 ? largest : 1)] as number) / weight;
    }
    found.subarray(0, known).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
  };
  const add = (code: number): void => {
    for (let k = 0; k < width; k++) sofar[k] = (sofar[k] as number) + (histogram[code * width + k] as number);
  };

  return {
    cut,
    scan(begin, end, feature, stream) {
      const { missing, kind, centers } = bins[feature] as Bins;
      const different = gather(begin, end, feature);
      const codesHere = found.subarray(0, different).sort();
      const missingRows = missing >= 0 && missing < rowsOf.length ? (rowsOf[missing] as number) : 0;
      // The missing code is the largest, so it stands last.
      const known = missingRows > 0 ? different - 1 : different;
      let best: number = different < 2 ? constant : refused;
      let bestPlace = 0;
      if (different >= 2) {
        if (kind === 'category') sortByMean(known);
        const only = random ? randomPlace(codesHere, known, kind === 'category' ? undefined : centers, stream) : 0;
        for (const missingLeft of missingRows > 0 ? [false, true] : [false]) {
          sofar.fill(0);
          let rowsLeft = 0;
          if (missingLeft) {
            add(missing);
            rowsLeft = missingRows;
          }
          // Place p: the first p codes go left. All known ones may, when the missing ones stay right.
          const places = missingRows > 0 && !missingLeft ? known : known - 1;
          for (let place = 1; place <= places; place++) {
            const code = codesHere[place - 1] as number;
            add(code);
            rowsLeft += rowsOf[code] as number;
            if (rowsLeft < minSamplesLeaf || end - begin - rowsLeft < minSamplesLeaf) continue;
            if (random && place !== only && place !== known) continue;
            const gain = gainOf(criterion, sofar, totals);
            if (gain > best) {
              best = gain;
              bestPlace = place;
              cut.missingLeft = missingLeft;
              left.set(sofar);
            }
          }
        }
        if (best >= 0) describe(bestPlace, known, bins[feature] as Bins, missingRows, end - begin, codesHere);
      }
      for (let i = 0; i < different; i++) {
        const code = codesHere[i] as number;
        rowsOf[code] = 0;
        histogram.fill(0, code * width, (code + 1) * width);
      }
      return best;
    },
  };

  function describe(
    place: number,
    known: number,
    { missing, kind, count }: Bins,
    missingRows: number,
    size: number,
    codesHere: Uint32Array,
  ): void {
    let rowsLeft = cut.missingLeft ? missingRows : 0;
    for (let i = 0; i < place; i++) rowsLeft += rowsOf[codesHere[i] as number] as number;
    // Where nothing was missing here, a missing value will go with the larger part.
    if (missingRows === 0) cut.missingLeft = 2 * rowsLeft > size;
    if (kind !== 'category') {
      // Where all that is known here goes left, so does whatever will be known.
      const low = place < known ? (codesHere[place - 1] as number) : count - 1;
      const high = place < known ? (codesHere[place] as number) : count;
      result[0] = workspace.codeBytes === 1 ? (low + high - 1) >> 1 : low;
      result[1] = high;
      return;
    }
    // Categories that are not in this node go with the larger part too.
    const others = 2 * rowsLeft > size;
    cut.set.fill(others ? 0xffffffff : 0);
    for (let i = 0; i < known; i++) setBit(cut.set, codesHere[i] as number, i < place);
    setBit(cut.set, missing, cut.missingLeft);
  }
}

/** At how many codes a random cut stands: uniform between the least and the largest value, or among the groups' places. */
function randomPlace(codesHere: Uint32Array, known: number, centers: Float64Array | undefined, stream: Stream): number {
  if (known < 2) return known;
  if (centers === undefined) return 1 + stream.below(known - 1);
  const low = centers[codesHere[0] as number] as number;
  const high = centers[codesHere[known - 1] as number] as number;
  const at = low + stream.uniform() * (high - low);
  let place = 1;
  while (place < known - 1 && (centers[codesHere[place] as number] as number) <= at) place++;
  return place;
}

export function setBit(set: Uint32Array, code: number, on: boolean): void {
  const word = code >>> 5;
  const bit = 1 << (code & 31);
  set[word] = on ? (set[word] as number) | bit : (set[word] as number) & ~bit;
}
