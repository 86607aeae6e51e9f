/** A network out of a file. */
import type { RestoreTask } from '@dendrite/model';
import { DendriteError, type Json, type Tree } from '@dendrite/spec';
import { checkSize } from './check-size.ts';
import { freshNet, type NetParts } from './fitted-net.ts';
import { type NetPlan, runtimeOf } from './net-plan.ts';
import { free } from './parts.ts';
import { scalingFrom } from './scaling-from.ts';
import { treeFrom } from './tree-from.ts';

/**
 * Rebuilds a network from a file: the layer says which arrays there must be.
 * @throws FORMAT, SHAPE; FORMAT too for a network that needs far more memory than its file has bytes
 */
export async function restoreNet(
  plan: NetPlan,
  { arrays, extra, labels, feature, runtime: given, maxBytes }: RestoreTask,
  where = 'restore()',
): Promise<NetParts> {
  const runtime = await runtimeOf(given);
  if (feature === undefined)
    throw new DendriteError('FORMAT', `${where}: the file must say the shape of one example, got none. It is damaged.`);
  const { layer } = plan;
  await checkSize(plan, feature.shape, arrays, { where, ...(maxBytes !== undefined && { maxBytes }) });
  // Only their shapes: the file has the numbers.
  const { params, state, output } = runtime.trace(() => freshNet(plan, runtime, 0, feature.shape));
  const fields = (typeof extra === 'object' && extra !== null ? extra : {}) as Readonly<Record<string, Json>>;
  let restored: Tree | undefined;
  try {
    const head = plan.headFrom(labels, fields.head ?? null, output);
    const scaling = scalingFrom(fields.scaling);
    restored = treeFrom('params', params, arrays, runtime, where);
    return { runtime, layer, head, scaling, params: restored, state: treeFrom('state', state, arrays, runtime, where) };
  } catch (error) {
    free(params, state, restored ?? []);
    throw error;
  }
}
