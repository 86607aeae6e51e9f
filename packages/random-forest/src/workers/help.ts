/** A crew with workers: loaded by fits that are long enough for some. */
import type { ChosenEngine } from '../engine/engine.ts';
import type { GrowPlan } from '../grow/plan.ts';
import { fieldOf, type Workspace } from '../workspace/workspace.ts';
import { type Crew, type CrewTask, makeCrew } from './crew.ts';
import type { Request } from './messages.ts';
import { workerPool } from './worker-pool.ts';

interface Scene {
  readonly chosen: ChosenEngine;
  readonly workspace: Workspace;
  readonly plan: GrowPlan;
}

/** Lets workers start, so that they are there once the rows are binned. A fit that ends before leaves them to the next. */
export const summonHelp = (helpers: number): void => workerPool.ready(helpers);

export function helpedCrew(
  task: Pick<CrewTask, 'own' | 'seeds' | 'first' | 'end'>,
  growers: number,
  { chosen, workspace, plan }: Scene,
): Crew {
  return makeCrew({
    ...task,
    pool: workerPool,
    helpers: Math.min(growers, task.end - task.first) - 1,
    open: (k) => openRequest(k, chosen, workspace, plan),
  });
}

/** What worker number `k` is told first. */
function openRequest(
  k: number,
  { ground, module }: ChosenEngine,
  workspace: Workspace,
  plan: GrowPlan,
): readonly [request: Request, transfer: ArrayBuffer[]] {
  const kernels = module && { module };
  if (plan.sizes.growers > 1 && !(ground instanceof ArrayBuffer))
    return [{ open: { plan, ground: { shared: ground }, grower: k, ...kernels } }, []];
  const field = new Uint8Array(fieldOf(workspace));
  return [{ open: { plan, ground: { field }, grower: 0, ...kernels } }, [field.buffer]];
}
