/** A saved model that predicts and does nothing else: what a page loads that has no need to train, evaluate or save. */
import {
  type Capabilities,
  DendriteError,
  type FittedBase,
  type Inputs,
  type Label,
  type Probabilities,
  type Runtime,
  type SavedModel,
} from '@dendrite/spec';
import { alignNamed } from '../conversion/align-named.ts';
import { takeFeatures } from '../conversion/features.ts';
import type { InputForms } from '../conversion/forms.ts';
import { finiteValues, takeValues, valueColumns } from '../conversion/values-form.ts';
import type { ModelDefinition } from '../definition/definition.ts';
import type { ReadInputs } from '../fitted/encode-inputs.ts';
import { predictAll, predictProbabilities } from '../fitted/predict.ts';
import { encodeTableInputs } from '../fitted/table-inputs.ts';
import { kindsOf } from '../prepare/fit-preprocessing.ts';
import { checkedTable } from '../table/checked-table.ts';
import { tableFromRows } from '../table/table-from-rows.ts';
import type { Probing } from './check-probe.ts';
import { type Restoring, restoreCore } from './restore-core.ts';

/** Models that read columns: those that read batches need a runtime anyway. */
export type ColumnCapabilities = Capabilities & { readonly data: 'columns' };
/** What it takes to restore a model, of its definition. */
export type PredictorDefinition<C extends ColumnCapabilities> = Pick<
  ModelDefinition<C>,
  'meta' | 'capabilities' | 'config' | 'accepts' | 'tables' | 'rowsAtOnce' | 'restore'
>;
/** The members that a fitted model has for predicting. */
export type Predictor<C extends ColumnCapabilities, T extends Label> = Pick<FittedBase<C, T>, 'predict' | 'dispose'> &
  ([C['probabilities']] extends [true]
    ? { readonly labels: readonly T[]; predictProbabilities(x: Inputs): Promise<Probabilities> }
    : unknown);

/** A page that predicts has nothing else to load: the forms are at hand, in one file. */
const forms: InputForms = {
  values: () => ({ takeValues, finiteValues, valueColumns }),
  named: () => ({ tableFromRows, namedColumns: alignNamed }),
  table: () => ({ checkedTable }),
  source() {
    throw new DendriteError(
      'DATA',
      'predict(): inputs must be rows, an array or a table here, got a source. Restore the whole model to predict for one.',
    );
  },
};
const readTable: ReadInputs = async (inputs, by, where) =>
  encodeTableInputs(await takeFeatures(inputs, where, kindsOf(by.preprocessing), forms), by, where, forms);

/**
 * The saved model as a predictor: the same answers as of the fitted model, and the same checks.
 * @param options.probing  asks it the file's probe. Models that answer with the same bits everywhere need none: the file's checksum
 *   tells damage
 * @throws FORMAT  for a file that does not fit the definition or the labels, or answers its probe otherwise
 */
export async function restorePredictor<C extends ColumnCapabilities, const T extends Label = string>(
  definition: PredictorDefinition<C>,
  saved: SavedModel,
  options: { readonly runtime?: Runtime; readonly labels?: readonly T[]; readonly probing?: Probing } = {},
): Promise<Predictor<C, T>> {
  const erased: object = definition;
  // As in defineModel: capabilities are read at run time, and the members below are what they promise.
  const any = erased as Restoring;
  const answering = { ...(await restoreCore(any, saved, options, options.probing)), definition: any };
  const { labels, core } = answering;
  const predictor: object = {
    predict: (x: Inputs, { signal }: { readonly signal?: AbortSignal } = {}) =>
      predictAll(answering, x, readTable, signal),
    ...(any.capabilities.probabilities && {
      labels,
      predictProbabilities: (x: Inputs) => predictProbabilities(answering, x, readTable),
    }),
    dispose: () => core.dispose?.(),
  };
  return predictor as Predictor<C, T>;
}
