/** A saved forest for predicting alone: what a page loads that does not train. Any kind of forest, told by its file. */
import { type RestoreTask, restorePredictor } from '@dendrite/model';
import { modelFromBytes } from '@dendrite/safetensors';
import type { Inputs, Label, Probabilities, SavedModel } from '@dendrite/spec';
import { forestAnswers } from '../forest/forest-answers.ts';
import { forestMedians, foundLeaves } from '../predict/leaf-finder.ts';
import { binsIn, readForest } from '../saved/read-forest.ts';
import { savedSettings } from '../saved/saved-settings.ts';

interface Shared<P> {
  /** One answer a row: of objects, of plain numbers, or of a table, as the forest was trained on. */
  predict(x: Inputs, options?: { readonly signal?: AbortSignal }): Promise<P[]>;
}
export interface ClassPredictor<T extends Label = Label> extends Shared<T> {
  readonly task: 'classification';
  readonly labels: readonly T[];
  predictProbabilities(x: Inputs): Promise<Probabilities>;
}
export interface NumberPredictor extends Shared<number> {
  readonly task: 'regression';
}

/**
 * The forest in a file: the answers of `restore`, to the bit, in a quarter of the code. `labels` are compared with the file's and
 * give `predict` its type back; where they are given, a forest that predicts numbers is refused.
 * @param file  the bytes that `toBytes(await forest.save())` made, or what `save` gave
 * @throws FORMAT  for a file that is damaged, or holds no forest or other labels. It is not asked the file's probe: trees answer with
 *   the same bits everywhere, and the checksum in its bytes tells damage
 * @example
 * import { toBytes } from '@dendrite/model';
 * import { randomForestClassifier } from '@dendrite/random-forest';
 * import { loadForest } from '@dendrite/random-forest/predict';
 * const rows = Array.from({ length: 60 }, (_, i) => ({ petal: i, kind: i < 30 ? 'short' : 'long' }));
 * const trained = await randomForestClassifier({ trees: 30 }).fit({ rows, target: 'kind' });
 * const forest = await loadForest(toBytes(await trained.save()), { labels: ['short', 'long'] });
 * await forest.predict([{ petal: 3 }, { petal: 55 }]); // ['short', 'long']
 */
export function loadForest<const T extends Label>(
  file: Uint8Array | SavedModel,
  options: { readonly labels: readonly T[] },
): Promise<ClassPredictor<T>>;
export function loadForest(file: Uint8Array | SavedModel): Promise<ClassPredictor | NumberPredictor>;
export async function loadForest(
  file: Uint8Array | SavedModel,
  { labels }: { readonly labels?: readonly Label[] } = {},
): Promise<ClassPredictor | NumberPredictor> {
  const saved = file instanceof Uint8Array ? modelFromBytes(file) : file;
  const { model, config, task } = saved.header;
  const { combine, exact, missing } = savedSettings(saved.header, where);
  const definition = {
    meta: model,
    config,
    tables: { missing: missing === 'learn' ? 'mask' : 'error' } as const,
    restore({ arrays, extra, labels: known }: RestoreTask) {
      const forest = readForest(arrays, binsIn(extra), {
        classes: task === 'classification' ? known.length : 0,
        exact,
      });
      return { ...forestAnswers(forest, combine, false, () => finders), save: () => ({ arrays }) };
    },
  };
  const options = labels && { labels };
  return task === 'classification'
    ? {
        task,
        ...(await restorePredictor<typeof classes, Label>({ ...definition, capabilities: classes }, saved, options)),
      }
    : { task, ...(await restorePredictor({ ...definition, capabilities: numbers }, saved, options)) };
}

const where = 'loadForest()';
const finders = { forestMedians, foundLeaves };
const classes = {
  task: 'classification',
  data: 'columns',
  probabilities: true,
  importance: false,
  outOfBag: false,
  parameters: false,
  resume: 'none',
} as const;
const numbers = { ...classes, task: 'regression', probabilities: false } as const;
