/** The worker's side: grows trees for one fit at a time. */
import { makeGround, makeGrower, plotOf } from '../engine/engine.ts';
import type { jsGrower } from '../grow/js-grower.ts';
import type { leafValues } from '../grow/leaf-value.ts';
import type { GrowPlan, Script, TreeGrower } from '../grow/plan.ts';
import { fieldOf, type Workspace } from '../workspace/workspace.ts';
import type { Opening, Reply, Request } from './messages.ts';

/** Where a worker has what kernels leave to JavaScript: most fits ask for none of it. */
export interface Scripts {
  growing(): Promise<{ readonly jsGrower: typeof jsGrower }>;
  counting(): Promise<{ readonly leafValues: typeof leafValues }>;
}

/** Gives a function that takes requests; they are served one after the other. */
export function serve(
  reply: (message: Reply, transfer: ArrayBuffer[]) => void,
  scripts: Scripts,
): (request: Request) => void {
  let grower: TreeGrower | undefined;
  let served: Promise<void> = Promise.resolve();
  const answer = async (request: Request): Promise<void> => {
    if ('close' in request) {
      grower = undefined;
      return;
    }
    if ('open' in request) {
      grower = undefined;
      grower = await open(request.open, scripts);
      return;
    }
    const { job, seeds } = request.grow;
    try {
      const grown = await grower?.grow(seeds);
      if (grown === undefined) throw new Error('no fit is open');
      // Views of memory that the next tree writes over.
      const [rows, leaves] = [grown.rows.slice(), grown.leaves.slice()];
      reply({ job, grown: { ...grown, rows, leaves } }, [rows.buffer, leaves.buffer]);
    } catch {
      // The caller grows this tree again, and says what is wrong with it.
      reply({ job }, []);
    }
  };
  return (request) => {
    // A fit that cannot be opened has no grower, and its jobs are answered so.
    served = served.then(() => answer(request)).catch(() => {});
  };
}

function open({ plan, ground, module, grower }: Opening, scripts: Scripts): Promise<TreeGrower> {
  if ('shared' in ground) {
    const chosen = { ground: ground.shared, ...(module && { module }) };
    const plot = plotOf(chosen.ground, plan.sizes, grower);
    return makeGrower(chosen, plot, plan, scriptOf(plot, plan, scripts));
  }
  const sizes = { ...plan.sizes, growers: 1, votes: 0 };
  const own = makeGround(sizes, module !== undefined, false);
  const workspace = plotOf(own, sizes, 0);
  fieldOf(workspace).set(ground.field);
  const alone = { ...plan, sizes };
  return makeGrower({ ground: own, ...(module && { module }) }, workspace, alone, scriptOf(workspace, alone, scripts));
}

const scriptOf = (workspace: Workspace, plan: GrowPlan, { growing, counting }: Scripts): Script => ({
  grower: async () => (await growing()).jsGrower(workspace, plan),
  leaves: async () => (await counting()).leafValues(workspace, undefined),
});
