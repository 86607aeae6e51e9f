/** The fitted model that users hold: the contract's members over a core, each of which knows when it has been disposed. */
import {
  type Data,
  DendriteError,
  type FittedBase,
  type Inputs,
  type Label,
  type Metric,
  type SavedModel,
} from '@dendrite/spec';
import { readInputs } from './encode-inputs.ts';
import { predictAll, predictProbabilities } from './predict.ts';
import type { AnyDefinition, Trained } from './trained.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const evaluation = () => import('./evaluate.ts');
const saving = () => import('./saving.ts');

type AnyFitted = FittedBase<AnyDefinition['capabilities'], Label>;

/** Members that capabilities do not grant are not there at all. */
export function makeFitted(trained: Trained): object {
  const { definition, core, labels, history, stopped } = trained;
  const { meta, capabilities } = definition;
  let disposed = false;
  const alive = (where: string): void => {
    if (disposed)
      throw new DendriteError(
        'DISPOSED',
        `${where}: the model must not have been disposed, got one that was. Fit or restore it again.`,
      );
  };
  const base: AnyFitted = {
    '~dendrite': 'fitted',
    meta,
    capabilities,
    history,
    ...(stopped !== undefined && { stopped }),
    async predict(x: Inputs, options: { readonly signal?: AbortSignal } = {}) {
      alive('predict()');
      return predictAll(trained, x, readInputs, options.signal);
    },
    async evaluate<const D extends Data, const M extends Readonly<Record<string, Metric>>>(data: D, metrics: M) {
      alive('evaluate()');
      const { evaluateAll } = await evaluation();
      const values: object = await evaluateAll(trained, data, metrics);
      return values as { readonly [K in keyof M]: number };
    },
    async save(): Promise<SavedModel> {
      alive('save()');
      // Who never saves need not load it.
      return (await saving()).saveTrained(trained);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      core.dispose?.();
    },
  };
  const fitted: object = Object.defineProperties(base, {
    ...(capabilities.probabilities && {
      labels: { value: labels, enumerable: true },
      predictProbabilities: {
        value: async (x: Inputs) => {
          alive('predictProbabilities()');
          return predictProbabilities(trained, x, readInputs);
        },
      },
    }),
    ...(capabilities.importance && {
      importance: {
        value: async (kind: 'impurity' | 'permutation' = 'impurity') => {
          alive('importance()');
          return granted(core.importance, 'importance', definition).call(core, kind);
        },
      },
    }),
    // Not enumerable: a copy, or JSON, does not ask for a score that may be refused.
    ...(capabilities.outOfBag && { outOfBag: { get: () => outOfBag(trained) } }),
    // Read late: a disposed model's tensors throw by themselves.
    ...(capabilities.parameters && {
      params: { get: () => granted(core.params, 'params', definition) },
      state: { get: () => granted(core.state, 'state', definition) },
    }),
  });
  const extra = definition.extend?.(core, {
    labels,
    alive,
    async *encode(inputs, where) {
      alive(where);
      // No rows say nothing of their form.
      if (Array.isArray(inputs) && inputs.length === 0) return;
      const { pieces } = await readInputs(inputs, trained, where);
      for await (const { input } of pieces()) yield input();
    },
  });
  return extra === undefined ? fitted : Object.defineProperties(fitted, Object.getOwnPropertyDescriptors(extra));
}

function outOfBag({ core, definition, labels }: Trained): {
  readonly score: number;
  readonly predictions: readonly Label[];
} {
  const { score, predictions } = granted(core.outOfBag, 'outOfBag', definition);
  const classes = definition.capabilities.task === 'classification';
  return { score, predictions: Array.from(predictions, (value) => (classes ? (labels[value] ?? '') : value)) };
}

function granted<T>(member: T | undefined, name: string, { meta }: AnyDefinition): T {
  if (member === undefined)
    throw new DendriteError(
      'OPTION',
      `${name}: the core of '${meta.name}' must have '${name}', as its capabilities say, got none. Correct its definition.`,
    );
  return member;
}
