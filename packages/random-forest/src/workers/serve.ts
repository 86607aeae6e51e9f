/** The worker's side: grows trees for one fit at a time. */
import { makeGround, makeGrower, plotOf } from '../engine/engine.ts';
import type { TreeGrower } from '../grow/plan.ts';
import { fieldOf } from '../workspace/workspace.ts';
import type { Opening, Reply, Request } from './messages.ts';

/** Gives a function that takes requests. */
export function serve(reply: (message: Reply, transfer: ArrayBuffer[]) => void): (request: Request) => void {
  let grower: TreeGrower | undefined;
  return (request) => {
    if ('close' in request) {
      grower = undefined;
      return;
    }
    if ('open' in request) {
      grower = open(request.open);
      return;
    }
    const { job, seeds } = request.grow;
    try {
      const grown = grower?.grow(seeds);
      if (grown === undefined) throw new Error('no fit is open');
      // Views of memory that the next tree writes over.
      const [rows, leaves] = [grown.rows.slice(), grown.leaves.slice()];
      reply({ job, grown: { ...grown, rows, leaves } }, [rows.buffer, leaves.buffer]);
    } catch {
      // The caller grows this tree again, and says what is wrong with it.
      reply({ job }, []);
    }
  };
}

function open({ plan, ground, module, grower }: Opening): TreeGrower {
  if ('shared' in ground) {
    const chosen = { ground: ground.shared, ...(module && { module }) };
    return makeGrower(chosen, plotOf(chosen.ground, plan.sizes, grower), plan);
  }
  const sizes = { ...plan.sizes, growers: 1 };
  const own = makeGround(sizes, module !== undefined, false);
  const workspace = plotOf(own, sizes, 0);
  fieldOf(workspace).set(ground.field);
  return makeGrower({ ground: own, ...(module && { module }) }, workspace, { ...plan, sizes });
}
