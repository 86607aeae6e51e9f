/** Another optimizer, or the same with other options, for some of the parameters: no decay on biases and norms, a slower stem. */
import { leaves, rebuild } from '@dendrite/core';
import { DendriteError, type Optimizer, type Tensor, type Tree } from '@dendrite/spec';
import { named } from '../named/named.ts';
import { checkLeaves } from '../update/check-leaves.ts';
import { prefixed, unprefixed } from '../update/prefixed.ts';
import { type Candidate, checkSelection, type Selection, selectionJson, selects } from './paths.ts';

export interface ParameterGroup<P extends Tree = Tree> {
  /** Which parameters; see `Selection`. The first group that selects one takes it. */
  readonly parameters: Selection<P>;
  readonly optimizer: Optimizer;
}
/** For each group, `'0'`, `'1'`, …, and for what they leave (`'rest'`): its optimizer's state over parameters by path. */
export type GroupedState = Readonly<Record<string, Tree>>;
type Flat = Readonly<Record<string, Tensor>>;

/**
 * `optimizer` for all parameters but those that a group selects. A schedule around the whole scales every group's own learning
 * rate by the same factor. Type it with `ParamsOf<typeof layer>`, and a path that does not exist is a compile error.
 * @param optimizer  for what no group selects
 * @param groups     asked in order
 * @throws OPTION  for a selection that is none, or an optimizer that averages, scales the loss or looks at metrics inside (put that
 *   around the whole); from `init`: for a group that selects nothing
 * @example
 * import { adamW, grouped } from '@dendrite/optimizers';
 * const optimizer = grouped(adamW({ weightDecay: 0.1 }), [
 *   { parameters: { rankAtMost: 1 }, optimizer: adamW({ weightDecay: 0 }) },
 * ]);
 */
export function grouped<P extends Tree = Tree>(
  optimizer: Optimizer,
  groups: readonly ParameterGroup<NoInfer<P>>[],
): Optimizer<GroupedState> {
  const selections = groups.map(({ parameters }): Selection => {
    const selection: unknown = parameters;
    checkSelection('grouped', selection);
    return selection;
  });
  const all = [
    ...groups.map((group, i) => ({ name: String(i), optimizer: group.optimizer })),
    { name: 'rest', optimizer },
  ];
  for (const { optimizer: each } of all)
    if (each.evaluated || each.lossScale || each.observe)
      throw new DendriteError(
        'OPTION',
        `grouped(): the optimizer of a group must neither average, scale the loss nor look at metrics, got '${each.name}'. Wrap the whole: averaged(grouped(…)).`,
      );
  const groupOf = (candidate: Candidate): string => {
    const found = selections.findIndex((selection) => selects(selection, candidate));
    return found < 0 ? 'rest' : String(found);
  };
  /** The leaves of a tree by group; the groups are those of the parameters. */
  const dealt = (params: Tree, tree: Tree): Readonly<Record<string, Flat>> => {
    const found: Record<string, Record<string, Tensor>> = Object.fromEntries(all.map(({ name }) => [name, {}]));
    const tensors = new Map(leaves(tree).map(({ path, tensor }) => [path, tensor]));
    for (const { path, tensor } of leaves(params)) {
      const own = found[groupOf({ path, shape: tensor.shape })];
      const leaf = tensors.get(path);
      if (own && leaf) own[path] = leaf;
    }
    return found;
  };
  const shareOf = (own: number): number => (optimizer.learningRate === 0 ? 1 : own / optimizer.learningRate);
  const wrapper: Optimizer<GroupedState> = {
    '~dendrite': 'optimizer',
    name: 'optimizers/grouped',
    config: {
      optimizer: named(optimizer),
      groups: groups.map((group, i) => ({
        parameters: selectionJson(selections[i] ?? '*'),
        optimizer: named(group.optimizer),
      })),
    },
    learningRate: optimizer.learningRate,
    init(params) {
      const parts = dealt(params, params);
      const empty = groups.findIndex((_, i) => Object.keys(parts[i] ?? {}).length === 0);
      if (empty >= 0)
        throw new DendriteError(
          'OPTION',
          `grouped(): each group must select a parameter, got none for ${JSON.stringify(selections[empty])} in group ${empty} of ${leaves(
            params,
          )
            .map(({ path }) => path)
            .slice(0, 8)
            .join(', ')}. Correct the path.`,
        );
      return Object.fromEntries(all.map(({ name, optimizer: each }) => [name, each.init(parts[name] ?? {})]));
    },
    scalars: (step, learningRate) =>
      Object.fromEntries(
        all.flatMap(({ name, optimizer: each }) =>
          Object.entries(prefixed(name, each.scalars(step, learningRate * shareOf(each.learningRate)))),
        ),
      ),
    update(params, gradients, state, scalars) {
      // Before any group consumes its own.
      checkLeaves('optimizers/grouped', 'gradients', leaves(params), gradients as Tree);
      const [parts, steps] = [dealt(params, params), dealt(params, gradients as Tree)];
      const made = new Map<string, Tensor>();
      const next: Record<string, Tree> = {};
      for (const { name, optimizer: each } of all) {
        const given = parts[name] ?? {};
        const after = each.update(given, steps[name] ?? {}, state[name] ?? {}, unprefixed(name, scalars));
        for (const [path, tensor] of Object.entries(after.params)) made.set(path, tensor);
        next[name] = after.state;
      }
      return { params: rebuild(params, (tensor, path) => made.get(path) ?? tensor), state: next };
    },
  };
  return Object.freeze(wrapper);
}
