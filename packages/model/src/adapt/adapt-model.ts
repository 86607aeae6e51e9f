/**
 * A model whose users hold something else than rows of numbers: ragged sequences, series, texts. An adaptation says what is learned
 * of the training data before training (the longest sequence, means, a vocabulary), and turns data and inputs into the contract's
 * forms with it. What it learned stands in the inner model's config, hence in the file.
 */
import {
  type Capabilities,
  type Data,
  DendriteError,
  type FitOptions,
  type FitRun,
  type Fitted,
  type Inputs,
  type Json,
  type Meta,
  type Metric,
  type PlanOptions,
  type Probabilities,
  type SavedModel,
  type TrainingPlan,
} from '@dendrite/spec';

/** `A`: what is learned of the training data before training. */
export interface Adaptation<A, O extends object = object> {
  /**
   * For training: what the data say, the data as the inner model takes them, and the options likewise (`validation`).
   * `known`: what the model learned that is gone on from, which must stand.
   * @throws DATA, SHAPE, OPTION
   */
  learn(
    data: unknown,
    options: O & FitOptions,
    known: A | undefined,
  ): { readonly learned: A; readonly data: Data; readonly options: O & FitOptions };
  /** Data to evaluate on. */
  data(learned: A, data: unknown, where: string): Data;
  /** What is to be predicted for. */
  inputs(learned: A, inputs: unknown, where: string): Inputs;
  /** From a file's config. @throws FORMAT */
  read(config: Json): A;
  /** Members of the fitted model in place of the inner's. */
  members?(learned: A, inner: AnyFitted): object;
}
/** The inner fitted model, with whatever its definition extends it by. */
export type AnyFitted = Fitted<Capabilities> & { readonly [member: string]: unknown };
type AnyInner = {
  readonly config: Json;
  fit(data: Data, options?: object): Promise<unknown>;
  plan(data: Data, options?: object): Promise<TrainingPlan>;
  run(data: Data, options?: object): FitRun<unknown>;
  restore(saved: SavedModel, options?: object): Promise<unknown>;
};

export interface AdaptedDefinition<A, O extends object> {
  readonly meta: Meta;
  readonly capabilities: Capabilities;
  /** What is known before any data. */
  readonly config: Json;
  readonly adaptation: Adaptation<A, O>;
  /** The model that trains, once it is known what is learned; its `meta` must be this one's, and its config hold what `read` asks for. */
  inner(learned: A): object;
}

/**
 * Makes the model. `M` is the type of the whole: what `fit`, `predict` and the rest take and give is the adaptation's to say.
 * @throws (by `fit`, `run`, `restore`) what adaptation and inner model throw; always through the promise
 */
export function adaptModel<M extends object, A, O extends object = object>(definition: AdaptedDefinition<A, O>): M {
  const { meta, capabilities, config, adaptation } = definition;
  const innerOf = (learned: A): AnyInner => definition.inner(learned) as AnyInner;
  const begin = (data: unknown, options: O & FitOptions) => {
    const known = options.from && options.from.header.model.name === meta.name ? options.from : undefined;
    const made = adaptation.learn(data, options, known && adaptation.read(known.header.config));
    return { ...made, model: innerOf(made.learned) };
  };
  const wrapped = (learned: A, fitted: unknown): object => wrapFitted(adaptation, learned, fitted as AnyFitted);
  const model = {
    '~dendrite': 'model',
    meta,
    capabilities,
    config,
    async fit(data: unknown, given?: O & FitOptions) {
      const { model: inner, learned, data: adapted, options } = begin(data, given ?? ({} as O & FitOptions));
      return wrapped(learned, await inner.fit(adapted, options));
    },
    async plan(data: unknown, given?: O & FitOptions & PlanOptions) {
      const { model: inner, data: adapted, options } = begin(data, given ?? ({} as O & FitOptions));
      return inner.plan(adapted, options);
    },
    run(data: unknown, given?: O & FitOptions): FitRun<object> {
      let begun: ReturnType<typeof begin>;
      try {
        begun = begin(data, given ?? ({} as O & FitOptions));
      } catch (error) {
        return failedRun(error);
      }
      const { learned } = begun;
      const run = begun.model.run(begun.data, begun.options);
      return {
        get result() {
          return run.result.then((fitted) => wrapped(learned, fitted));
        },
        stop: (reason) => run.stop(reason),
        checkpoint: () => run.checkpoint(),
        [Symbol.asyncIterator]: () => run[Symbol.asyncIterator](),
      };
    },
    async restore(saved: SavedModel, options?: object) {
      // Another model's file is told by the inner model; this one's config cannot be read from it.
      const own = saved.header.model.name === meta.name;
      if (!own)
        throw new DendriteError(
          'FORMAT',
          `restore(): the saved model must be a '${meta.name}', got a '${saved.header.model.name}'. Restore it with the model that saved it, or with load().`,
        );
      const learned = adaptation.read(saved.header.config);
      return wrapped(learned, await innerOf(learned).restore(saved, options));
    },
  };
  const made: object = Object.freeze(model);
  return made as M;
}

function wrapFitted<A, O extends object>(adaptation: Adaptation<A, O>, learned: A, inner: AnyFitted): object {
  const inputs = (given: unknown, where: string): Inputs => adaptation.inputs(learned, given, where);
  // Members of a fitted model may be fixed, so its copy is changed; it is asked late what it answers late (`params`).
  const members = Object.getOwnPropertyDescriptors(inner);
  const able = inner as AnyFitted & { predictProbabilities?(x: Inputs): Promise<Probabilities> };
  const probabilities = able.predictProbabilities && {
    predictProbabilities: async (x: unknown) => able.predictProbabilities?.(inputs(x, 'predictProbabilities()')),
  };
  const own = {
    predict: async (x: unknown, options?: { readonly signal?: AbortSignal }) =>
      inner.predict(inputs(x, 'predict()'), options),
    evaluate: async (data: unknown, metrics: Readonly<Record<string, Metric>>) =>
      inner.evaluate(adaptation.data(learned, data, 'evaluate()'), metrics),
    ...probabilities,
    ...adaptation.members?.(learned, inner),
  };
  return Object.defineProperties({}, { ...members, ...Object.getOwnPropertyDescriptors(own) });
}

/** A run that could not begin: told through its result, as by all models. */
function failedRun(error: unknown): FitRun<object> {
  const failed = async (): Promise<never> => {
    throw error;
  };
  return {
    get result() {
      return failed();
    },
    stop: () => {},
    checkpoint: failed,
    [Symbol.asyncIterator]: () => ({ next: failed }),
  };
}
