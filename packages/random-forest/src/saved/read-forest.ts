/** A forest out of a file's arrays: every length and every number that is used as a place is checked before it is used. */
import { DendriteError, type Json, type SavedArray } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';
import type { Forest } from '../predict/forest.ts';
import { categoryFlag, featureMask, type Tree } from '../tree/tree.ts';

export type Arrays = Readonly<Record<string, SavedArray>>;

const where = 'restore()';

/** What the arrays do not say of the bins, out of a file's `extra`, whatever that is. */
export const binsIn = (extra: Json): Json | undefined => new Map(Object.entries(extra ?? {})).get('bins');

/** @throws FORMAT  for an array that is not there, too short, or holds a number that cannot be */
export function readForest(
  arrays: Arrays,
  binsGiven: Json | undefined,
  kind: Pick<Forest, 'classes' | 'exact'>,
): Forest {
  const { classes, exact } = kind;
  const bins = readBins(arrays, binsGiven);
  const nodes = counted(arrays, 'trees.nodes');
  const leaves = counted(arrays, 'trees.leaves');
  const sets = counted(arrays, 'trees.sets');
  if (nodes.length === 0) throw damaged('trees.nodes', 'hold at least one tree', 'none');
  if (leaves.length !== nodes.length || sets.length !== nodes.length)
    throw damaged('trees.leaves and trees.sets', `hold ${nodes.length} numbers`, `${leaves.length} and ${sets.length}`);
  const feature = taker(arrays, 'nodes.feature', int32Of, nodes);
  const cut = taker(arrays, 'nodes.cut', int32Of, nodes);
  const right = taker(arrays, 'nodes.right', int32Of, nodes);
  const threshold = exact ? taker(arrays, 'nodes.threshold', float64Of, nodes) : undefined;
  const values = classes > 0 ? taker(arrays, 'leaves', float32Of, leaves) : taker(arrays, 'leaves', float64Of, leaves);
  const setsOf = taker(arrays, 'sets', int32Of, sets);
  const trees = Array.from(nodes, (_, t): Tree => {
    const thresholds = threshold?.(t);
    const tree = {
      feature: feature(t),
      cut: cut(t),
      right: right(t),
      values: values(t),
      sets: setsOf(t),
      ...(thresholds && { thresholds }),
    };
    checkTree(tree, t, bins, classes);
    return tree;
  });
  return { trees, bins, ...kind };
}

function checkTree(
  { feature, cut, right, values, sets }: Tree,
  t: number,
  bins: readonly Bins[],
  classes: number,
): void {
  const leaves = classes > 0 ? classes + values.length / classes : values.length;
  const fail = (what: string, rule: string, got: number): DendriteError => damaged(`${what} of tree ${t}`, rule, got);
  if (!Number.isInteger(leaves)) throw fail('leaves', `hold ${classes} numbers each`, values.length);
  for (const value of values)
    if (!(Number.isFinite(value) && (classes === 0 || (value >= 0 && value <= 1))))
      throw fail('leaves', classes > 0 ? 'be shares from 0 to 1' : 'be finite', value);
  for (let node = 0; node < feature.length; node++) {
    const word = feature[node] as number;
    if (word < 0) {
      if (~word >= leaves) throw fail('leaf numbers', `be below ${leaves}`, ~word);
      continue;
    }
    const own = bins[word & featureMask];
    if (own === undefined) throw fail('features', `be below ${bins.length}`, word & featureMask);
    // Children stand behind their parent, so that every walk ends.
    const child = right[node] as number;
    if (!(child > node + 1 && child < feature.length))
      throw fail('right children', `be from ${node + 2} to ${feature.length - 1}`, child);
    const limit = (word & categoryFlag) !== 0 ? sets.length / 8 : Math.max(own.count, 1);
    const at = cut[node] as number;
    if (!(at >= 0 && at < limit)) throw fail('cuts', `be from 0 to ${limit - 1}`, at);
  }
  if ((feature[feature.length - 1] as number) >= 0) throw fail('the last node', 'be a leaf', feature.length - 1);
}

function readBins(arrays: Arrays, given: Json | undefined): Bins[] {
  if (!isList(given)) throw damaged('bins', 'be a list', String(given));
  const field = (bin: Json, name: string): number => {
    const value = typeof bin === 'object' && bin !== null && !isList(bin) ? bin[name] : undefined;
    if (typeof value !== 'number' || !Number.isInteger(value))
      throw damaged(`bins.${name}`, 'be a whole number', String(value));
    return value;
  };
  const lengths = (name: string): Int32Array => {
    const found = Int32Array.from(given, (bin) => field(bin, name));
    if (found.some((length) => length < 0)) throw damaged(`bins.${name}`, 'be at least 0', Math.min(...found));
    return found;
  };
  const edges = taker(arrays, 'bins.edges', float64Of, lengths('edges'));
  const centers = taker(arrays, 'bins.centers', float64Of, lengths('centers'));
  const codes = taker(arrays, 'bins.codes', uint8Of, lengths('codes'));
  return given.map((bin, f) => {
    const kind =
      typeof bin === 'object' && bin !== null && !isList(bin) && bin.kind === 'category' ? 'category' : 'number';
    const own = codes(f);
    const bins = {
      kind,
      edges: edges(f),
      centers: centers(f),
      count: field(bin, 'count'),
      missing: field(bin, 'missing'),
    } as const;
    checkOrder(bins.edges, bins.centers, f);
    // Codes are bytes, or places among the edges; arrays of so many numbers are made where training goes on.
    const most = Math.max(256, bins.edges.length + 1, bins.centers.length);
    for (const [name, least] of [
      ['count', 0],
      ['missing', -1],
    ] as const)
      if (!(bins[name] >= least && bins[name] <= most))
        throw damaged(`bins.${name} of column ${f}`, `be from ${least} to ${most}`, bins[name]);
    return own.length > 0 ? { ...bins, codes: own } : bins;
  });
}

/** centers[0] ≤ edges[0] < centers[1] ≤ edges[1] < … */
function checkOrder(edges: Float64Array, centers: Float64Array, f: number): void {
  let last = Number.NEGATIVE_INFINITY;
  for (let b = 0; b < centers.length; b++) {
    const center = centers[b] as number;
    const edge = edges[b] ?? Number.MAX_VALUE;
    if (!(Number.isFinite(center) && last < center && center <= edge))
      throw damaged(`bins of column ${f}`, 'ascend', center);
    last = edge;
  }
}

/** Parts of an array by their lengths; all of it must be used. */
function taker<T extends Typed>(
  arrays: Arrays,
  name: string,
  read: (array: SavedArray | undefined, name: string) => T,
  lengths: Int32Array,
): (i: number) => T {
  const all = read(arrays[name], name);
  const ends = new Float64Array(lengths.length);
  let total = 0;
  lengths.forEach((length, i) => {
    total += length;
    ends[i] = total;
  });
  if (all.length !== total) throw damaged(`'${name}'`, `hold ${total} numbers`, all.length);
  return (i) => all.slice((ends[i] as number) - (lengths[i] as number), ends[i]) as T;
}
function counted(arrays: Arrays, name: string): Int32Array {
  const counts = int32Of(arrays[name], name);
  for (const count of counts) if (count < 0) throw damaged(`'${name}'`, 'be at least 0', count);
  return counts;
}

export function damaged(what: string, rule: string, got: number | string): DendriteError {
  return new DendriteError('FORMAT', `${where}: ${what} must ${rule}, got ${got}. The file is damaged.`);
}

type Typed = Int32Array | Float32Array | Float64Array | Uint8Array;
/** What reads an array of one type. */
const reader =
  <T extends Typed>(dtype: SavedArray['dtype'], type: new (length: number) => T) =>
  (array: SavedArray | undefined, name: string): T => {
    if (array?.data instanceof type) return array.data;
    throw damaged(`'${name}'`, array ? `be ${dtype}` : 'be there', array?.dtype ?? 'none');
  };
const int32Of = /* @__PURE__ */ reader('int32', Int32Array);
const float32Of = /* @__PURE__ */ reader('float32', Float32Array);
export const float64Of: (array: SavedArray | undefined, name: string) => Float64Array = /* @__PURE__ */ reader(
  'float64',
  Float64Array,
);
const uint8Of = /* @__PURE__ */ reader('uint8', Uint8Array);

export const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);
