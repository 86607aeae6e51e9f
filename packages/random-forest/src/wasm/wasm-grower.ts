/** A grower in WebAssembly: the bag and the tree, with the leaves of the rows out of bag, are a call each. What those cannot do, JavaScript does. */
import type { LeafValues } from '../grow/leaf-value.ts';
import type { GrowPlan, Script, TreeGrower } from '../grow/plan.ts';
import type { Tree } from '../tree/tree.ts';
import { slotBytes, type Workspace } from '../workspace/workspace.ts';
import { offsetOf, reals, treeSeed, words } from './header.ts';

interface Exports {
  draw(own: number, count: number): void;
  enter(own: number): number;
  /** How many rows were not drawn. */
  leaveOut(own: number, entered: number): number;
  /** The number of nodes; −1: too deep. */
  grow(own: number, entered: number, outside: number): number;
  /** How many rows were not drawn. */
  judge(own: number): number;
}

/** Whether the module can grow trees of this plan: no column needs the general scan, and depth decides, not the best node. */
export const isPlain = ({ slow, settings }: GrowPlan): boolean =>
  settings.maxLeafNodes === Number.POSITIVE_INFINITY && !slow.includes(1);

/**
 * A grower for a plan that `isPlain`.
 * @param memory  holds the workspace
 * @param script  grows the trees that are too deep, and counts the rows of leaves that are not pure
 */
export function wasmGrower(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  workspace: Workspace,
  plan: GrowPlan,
  script: Script,
): TreeGrower {
  const { rows, features, group, classes, layout, rowCodes, drawn } = workspace;
  const { settings, draws, judges, offset } = plan;
  const own = layout.header;
  const header = new DataView(memory.buffer, own, 256);
  const numbers: Readonly<Record<string, number>> = {
    ...layout,
    rowCodes: rowCodes.length > 0 ? layout.rowCodes : 0,
    rows,
    features,
    group,
    classes,
    slotBytes: slotBytes(classes),
    maxFeatures: settings.maxFeatures,
    minSamplesSplit: Math.min(settings.minSamplesSplit, 2 ** 31 - 1),
    maxDepth: Math.min(settings.maxDepth, 2 ** 31 - 1),
  };
  for (const word of words) header.setUint32(offsetOf(word), numbers[word] ?? 0, true);
  header.setFloat64(reals.minImpurityDecrease, settings.minImpurityDecrease, true);
  header.setFloat64(reals.offset, offset, true);
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const kernels = made as Exports;
  const view = (at: number, length: number): Int32Array => new Int32Array(memory.buffer, at, length);
  const [feature, cut, right] = [layout.feature, layout.cut, layout.right].map((at) => view(at, 2 * rows)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const importance = new Float64Array(memory.buffer, layout.importance, features);
  const seed = (at: number, words: Uint32Array): void => {
    for (let i = 0; i < 4; i++) header.setUint32(at + 4 * i, words[i] as number, true);
  };

  let leaves: LeafValues | undefined;
  /** Of leaves of several classes: fully grown trees seldom have one. */
  const fractions = async (openLeaves: number): Promise<Float32Array> => {
    if (openLeaves === 0) return new Float32Array(0);
    leaves ??= await script.leaves();
    leaves.values.length = 0;
    for (let i = 1; i <= openLeaves; i++) {
      const node = feature[feature.length - i] as number;
      leaves.number(cut[node] as number, right[node] as number);
      cut[node] = 0;
      right[node] = 0;
    }
    return Float32Array.from(leaves.values);
  };
  const finish = async (nodes: number): Promise<Tree> => {
    const openLeaves = header.getInt32(offsetOf('openLeaves'), true);
    return {
      values:
        classes > 0 ? await fractions(openLeaves) : new Float64Array(memory.buffer, layout.entries, openLeaves).slice(),
      feature: feature.slice(0, nodes),
      cut: cut.slice(0, nodes),
      right: right.slice(0, nodes),
      sets: new Int32Array(0),
    };
  };

  let opened: TreeGrower | undefined;
  return {
    async grow(seeds) {
      seed(offsetOf('bagSeed'), seeds.bag);
      seed(treeSeed, seeds.tree);
      if (draws > 0) kernels.draw(own, draws);
      else drawn.fill(1);
      const entered = kernels.enter(own);
      const outside = judges ? kernels.leaveOut(own, entered) : 0;
      const nodes = kernels.grow(own, entered, outside);
      if (nodes < 0) return (opened ??= await script.grower()).grow(seeds);
      const tree = await finish(nodes);
      const judged = judges ? kernels.judge(own) : 0;
      return {
        tree,
        importance: importance.slice(),
        rows: view(layout.spare, judged),
        leaves: view(layout.spare + 4 * rows, judged),
      };
    },
  };
}
