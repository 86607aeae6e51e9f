// ydf-training: Yggdrasil Decision Forests in WebAssembly, in this process. Its forests take no settings: 300 trees of at most 16
// levels, leaves of at least 5 rows, each tree one vote, scored out of bag.
import { createRequire } from 'node:module';

export const ydfTrees = 300;
export const ydfDepth = 16;

interface Model {
  describe(): string;
  unload(): void;
}
interface Library {
  readonly RandomForestLearner: new (label: string, task: 'CLASSIFICATION') => { train(data: Columns): Model };
}
export type Columns = Readonly<Record<string, readonly number[] | readonly string[]>>;
export interface YdfPeer {
  /** Trains on columns, `label` among them; gives the nodes of all trees. */
  fit(data: Columns, label: string): number;
}

export async function openYdf(): Promise<YdfPeer> {
  const silent = { print: () => {}, printErr: () => {} };
  const open: (options: typeof silent) => Promise<Library> = createRequire(import.meta.url)('ydf-training');
  const { RandomForestLearner } = await open(silent);
  return {
    fit(data, label) {
      const model = new RandomForestLearner(label, 'CLASSIFICATION').train(data);
      const nodes = Number(/Total number of nodes: (\d+)/.exec(model.describe())?.[1]);
      model.unload();
      return nodes;
    },
  };
}
