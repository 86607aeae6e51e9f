/**
 * Finding leaves by WebAssembly: the trees as eight-byte nodes in a memory of their own, rows in blocks beside them. For rows
 * of byte codes in which nothing is missing and nothing is a category.
 */
import { featureMask, type Tree } from '../tree/tree.ts';

export interface Walker {
  /** So many rows are walked at a time at most. */
  readonly blockRows: number;
  /** Rows of codes to be walked next, row-major; at most `blockRows` of them. */
  load(codes: Uint8Array, rows: number): void;
  /** The number of each loaded row's leaf in tree `t`; valid until the next call. */
  leaves(t: number): Int32Array;
  /** The number of the first loaded row's leaf in every tree; valid until the next call. */
  leavesOfRow(): Int32Array;
}

/** Many rows at a time, so that a tree is fetched once for all of them; but no more than their codes stay near for. */
const mostRows = 16_384;
const mostBytes = 2 ** 21;
const page = 65536;

/** Undefined where features or memory are too many. */
export function makeWalker(module: WebAssembly.Module, trees: readonly Tree[], width: number): Walker | undefined {
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const out = 64;
  const blockRows = Math.max(8, Math.min(mostRows, Math.floor(mostBytes / (8 * width)) * 8));
  // Eight trees are walked at once: behind the last root, the last root again.
  const count = Math.ceil(trees.length / 8) * 8;
  const rootsAt = out + 4 * Math.max(blockRows, count);
  const codesAt = rootsAt + 4 * count;
  const nodesAt = Math.ceil((codesAt + blockRows * width) / 64) * 64;
  // Behind the last node a page, since walks that have arrived read codes up to 64 kB away.
  const pages = Math.ceil((nodesAt + 8 * nodes) / page) + 1;
  // Node addresses are signed in the making of words.
  if (width > 0xffff || pages > 32767) return undefined;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const words = new Int32Array(memory.buffer);
  const roots = words.subarray(rootsAt / 4, codesAt / 4);
  let at = nodesAt;
  trees.forEach(({ feature, cut, right }, t) => {
    const start = at;
    roots[t] = start;
    for (let node = 0; node < feature.length; node++, at += 8) {
      const word = feature[node] as number;
      const leaf = word < 0;
      words[at / 4] = leaf ? word : (word & featureMask) | ((cut[node] as number) << 16);
      words[at / 4 + 1] = leaf ? at : start + 8 * (right[node] as number);
    }
  });
  roots.fill(roots[trees.length - 1] as number, trees.length);
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  // The emitter beside this file wrote the module.
  const { walk } = made as {
    walk(roots: number, rootStep: number, codes: number, codeStep: number, walks: number, out: number): void;
  };
  const codes = new Uint8Array(memory.buffer, codesAt, blockRows * width);
  const found = new Int32Array(memory.buffer, out, Math.max(blockRows, count));
  let loaded = 0;
  return {
    blockRows,
    load(given, rows) {
      codes.set(given);
      // The last eight are walked whole, whatever lies there.
      loaded = rows;
    },
    leaves(t) {
      walk(rootsAt + 4 * t, 0, codesAt, width, Math.ceil(loaded / 8) * 8, out);
      return found.subarray(0, loaded);
    },
    leavesOfRow() {
      walk(rootsAt, 4, codesAt, 0, count, out);
      return found.subarray(0, trees.length);
    },
  };
}
