/** A trained forest without the trimmings: what the model interface asks of it. */
import type { CoreOutput, SavedParts } from '@dendrite/model';
import { DendriteError, type HostKey, type Numbers, type Table } from '@dendrite/spec';
import type { Settings } from '../options/forest-options.ts';
import type { Forest } from '../predict/forest.ts';
import type { ColumnInfo } from './column-info.ts';
import { finders } from './finders.ts';
import { forestAnswers } from './forest-answers.ts';
import type { Trainer } from './trainer.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const saving = () => import('../saved/saved-parts.ts');
const weighing = () => import('../importance/importance.ts');

export interface OutOfBagResult {
  readonly score: number;
  /** Numbers, or the codes of classes. */
  readonly predictions: Float64Array | Uint16Array;
}
export interface CoreParts {
  readonly forest: Forest;
  readonly settings: Settings;
  readonly columns: readonly ColumnInfo[];
  /** Of each column: what its splits took off the impurity, summed over the trees. */
  readonly importance: Float64Array;
  readonly outOfBag?: OutOfBagResult;
  /** There while the training data are: for permutation importance. */
  readonly training?: { readonly trainer: Trainer; readonly key: HostKey; readonly firstTree: number };
  /** What was chosen; it predicts with the same. */
  readonly engine: string;
  readonly grownBy: string;
}
export interface ForestCore {
  readonly parts: CoreParts;
  predict(table: Table): CoreOutput | Promise<CoreOutput>;
  predictNumbers?(numbers: Numbers, rows: number): Promise<CoreOutput | undefined>;
  save(): Promise<SavedParts>;
  dispose(): void;
  importance(kind: 'impurity' | 'permutation'): Promise<readonly { readonly name: string; readonly value: number }[]>;
  readonly outOfBag: OutOfBagResult;
}

export function forestCore(given: CoreParts): ForestCore {
  const { forest, settings, outOfBag, engine } = given;
  let parts = given;
  const letGo = given.training?.trainer.hold?.();
  return {
    parts,
    ...forestAnswers(forest, settings.combine, engine === 'js', finders),
    save: async () => (await saving()).savedParts(given),
    dispose() {
      // What is left predicts, but its training data can go.
      const { training: _, ...rest } = parts;
      parts = rest;
      letGo?.();
    },
    importance: async (kind) => (await weighing()).importanceOf(kind, parts),
    get outOfBag() {
      if (outOfBag === undefined)
        throw new DendriteError(
          'OPTION',
          `outOfBag: rows must be out of bag and judged, got ${settings.bootstrap ? 'outOfBag' : 'bootstrap'}: false. Leave it on.`,
        );
      return outOfBag;
    },
  };
}
