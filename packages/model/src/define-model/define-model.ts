/**
 * A model from its definition. The author writes how it trains and what a trained one computes; fitting, running, data of
 * every form, labels, evaluating, saving, restoring, stopping and aborting are the same for all models and come from here.
 */
import type {
  Capabilities,
  Data,
  FitOptions,
  FitRun,
  Fitted,
  Label,
  LabelOf,
  Learnable,
  Model,
  PlanOptions,
  RestoreOptions,
  RowOf,
  SavedModel,
  TargetOf,
  Validated,
} from '@dendrite/spec';
import type { ModelDefinition } from '../definition/definition.ts';
import { checkedOptions } from '../definition/option-rules.ts';
import type { AnyDefinition } from '../fitted/trained.ts';
import { makeRun } from '../run/run.ts';
import { beginTraining } from './begin.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const planning = () => import('../plan/plan-training.ts');
const restoring = () => import('../restore/restore.ts');

/** A `Model` whose fitted models have the members `E` besides the contract's. */
export interface DefinedModel<
  C extends Capabilities,
  O extends object = Readonly<Record<never, never>>,
  E extends object = object,
> extends Model<C, O> {
  fit<const D extends Data, const V extends Data | number = number>(
    data: D & Learnable<C, D>,
    options?: O & FitOptions<LabelOf<D>> & Validated<D, V>,
  ): Promise<Fitted<C, LabelOf<D>, RowOf<D>, TargetOf<D>> & E>;
  run<const D extends Data, const V extends Data | number = number>(
    data: D & Learnable<C, D>,
    options?: O & FitOptions<LabelOf<D>> & Validated<D, V>,
  ): FitRun<Fitted<C, LabelOf<D>, RowOf<D>, TargetOf<D>> & E>;
  restore<const T extends Label = string>(
    saved: SavedModel,
    options?: RestoreOptions & { readonly labels?: readonly T[] },
  ): Promise<Fitted<C, T> & E>;
}

/**
 * Makes a model.
 * @typeParam C  capabilities as literal types: write `as const` or let them be inferred
 * @typeParam O  the model's own fit options, each with a rule in `definition.options`
 * @typeParam E  further members of its fitted models, made by `definition.extend`
 * @throws (by `fit`, `run`, `restore` of the model) OPTION, DATA, SHAPE, FORMAT, ABORTED; and whatever training throws
 * @example  see the README: a whole model in 40 lines
 */
export function defineModel<
  const C extends Capabilities,
  O extends object = Readonly<Record<never, never>>,
  E extends object = object,
>(definition: ModelDefinition<C, O, E>): DefinedModel<C, O, E> {
  const erased: object = definition;
  // The one place where the definition's type parameters are put aside; makeFitted gives what they promise.
  const any = erased as AnyDefinition;
  const start = (data: Data, given: FitOptions): FitRun<object> => {
    const { signal, callbacks = [], onProgress } = given;
    return makeRun(
      // Misspelt options are told like all other errors: through the result.
      async (run) => beginTraining(any, data, await checkedOptions(given, any.options, 'fit()'), run),
      {
        callbacks,
        name: any.meta.name,
        resumable: any.capabilities.resume !== 'none',
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
      },
    );
  };
  // Data and labels are told apart when it runs; the types that the model promises are those of DefinedModel.
  const model = {
    '~dendrite': 'model',
    meta: any.meta,
    capabilities: any.capabilities,
    config: any.config,
    fit: async (data: Data, options: FitOptions = {}) => start(data, options).result,
    plan: async (data: Data, options: FitOptions & PlanOptions = {}) =>
      (await planning()).planTraining(any, data, options),
    run: (data: Data, options: FitOptions = {}) => start(data, options),
    // Who trains need not load it.
    restore: async (saved: SavedModel, options: RestoreOptions & { readonly labels?: readonly Label[] } = {}) =>
      (await restoring()).restoreTrained(any, saved, options),
  } satisfies Record<keyof Model, unknown>;
  const made: object = Object.freeze(model);
  return made as DefinedModel<C, O, E>;
}
