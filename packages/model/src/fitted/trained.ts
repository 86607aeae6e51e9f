/** What is known of a trained model besides its core; everything that a fitted model does reads from here. */
import type { Capabilities, Label, ProgressEvent, Runtime, SavedArray, SavedHeader, Tree } from '@dendrite/spec';
import type { FittedCore, ModelDefinition } from '../definition/definition.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';

/** A definition whose type parameters are forgotten: inside, capabilities are read at run time. */
export type AnyDefinition = ModelDefinition<Capabilities, object, object>;
export type AnyCore = FittedCore<Capabilities> & {
  importance?(kind: 'impurity' | 'permutation'): unknown;
  readonly outOfBag?: { readonly score: number; readonly predictions: ArrayLike<number> };
  readonly params?: Tree;
  readonly state?: Tree;
};

/** What it takes to predict. */
export interface Answering {
  readonly definition: Pick<AnyDefinition, 'meta' | 'capabilities' | 'tables' | 'rowsAtOnce'>;
  readonly core: Pick<AnyCore, 'predict' | 'predictNumbers' | 'dispose'>;
  readonly labels: readonly Label[];
  readonly preprocessing: Preprocessing;
}
export interface Trained extends Answering {
  readonly definition: AnyDefinition;
  readonly core: AnyCore;
  readonly history: readonly ProgressEvent[];
  readonly stopped?: string;
  readonly seed: number;
  /** The training data's fingerprint. */
  readonly fingerprint: string;
  /** Of a model that was loaded: what its file says. */
  readonly packages?: SavedHeader['packages'];
  readonly training?: () => Promise<SavedHeader['training']>;
  /** Inputs whose output is saved with the model. */
  readonly probe?: () => Promise<SavedArray>;
  readonly runtime?: Runtime;
}

/** Numbers of tables are scaled for models that read batches, unless their definition says otherwise. */
export function tableRules({ tables, capabilities }: Pick<AnyDefinition, 'tables' | 'capabilities'>): {
  readonly standardise: boolean;
  readonly missing: 'error' | 'mask';
} {
  const batches = capabilities.data === 'batches';
  return { standardise: tables?.standardise ?? batches, missing: batches ? 'error' : (tables?.missing ?? 'error') };
}
