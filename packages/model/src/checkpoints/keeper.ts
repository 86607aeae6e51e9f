/**
 * Keeps the checkpoints of one run: decides when one is due, writes it while training goes on, and removes those that are no longer
 * wanted. Training waits for the copy that a checkpoint is, and for the write before this one, never for its own.
 */
import {
  type Checkpoint,
  type CheckpointRule,
  type CheckpointStore,
  DendriteError,
  type ProgressEvent,
} from '@dendrite/spec';
import { isBetter, modeOf } from '../trigger/monitor.ts';
import { dueAt } from '../trigger/trigger.ts';
import { checkpointNames, type FoundCheckpoint, findCheckpoint, writeCheckpoint } from './checkpoint-file.ts';

/** The best checkpoint so far: its cursor, and the metric's value. */
export interface Best {
  readonly epoch: number;
  readonly step: number;
  readonly value: number;
}
export interface Keeper {
  readonly store: CheckpointStore;
  /** The latest whole checkpoint, to go on from. */
  find(): Promise<FoundCheckpoint | undefined>;
  /** What is known of earlier parts of the run. */
  recall(best: Best | undefined): void;
  /**
   * Looks at an event; takes a checkpoint if one is due. `last`: the run ends with it.
   * @throws what the store threw at an earlier write
   */
  see(
    event: ProgressEvent,
    last: boolean,
    take: (best: (at: Checkpoint['cursor']) => Best | undefined) => Promise<Checkpoint>,
  ): Promise<void>;
  /** When all writes have ended. @throws what the store threw */
  settle(): Promise<void>;
}

/** @throws OPTION  for a rule that cannot be */
export function makeKeeper(rule: CheckpointRule, where: string): Keeper {
  checkNames(rule, ['store', 'every', 'keep'], `${where}: checkpoint`);
  const { store, every = { epochs: 1, trees: 10 }, keep = {} } = rule;
  checkNames(keep, ['last', 'best'], `${where}: checkpoint.keep`);
  if (typeof store !== 'object' || store === null || store['~dendrite'] !== 'checkpoint-store')
    throw new DendriteError(
      'OPTION',
      `${where}: checkpoint.store must be a store, got ${String(store)}. Give directory('runs/a') of @dendrite/model/node, browserStorage('a') of @dendrite/model/browser, or memoryStore().`,
    );
  const { last: newest = 2, best: monitor } = keep;
  if (!Number.isInteger(newest) || newest < 1)
    throw new DendriteError(
      'OPTION',
      `${where}: checkpoint.keep.last must be a whole number of at least 1, got ${String(newest)}. Leave it out for 2.`,
    );
  const due = dueAt(every, `${where}: checkpoint.every`);
  let best: Best | undefined;
  let spare: ArrayBuffer | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failed: { readonly error: unknown } | undefined;

  const write = async (checkpoint: Checkpoint, kept: Best | undefined): Promise<void> => {
    const { name, memory } = await writeCheckpoint(store, checkpoint, spare);
    spare = memory;
    const names = await checkpointNames(store);
    const { step, epoch } = checkpoint.cursor;
    // Later ones are left of a damaged end; of one place in the run, the file that was just written stays.
    const before = names.filter((each) => each.step < step || (each.step === step && each.epoch < epoch));
    const wanted = new Set([name, ...before.slice(0, newest - 1).map((each) => each.name)]);
    if (kept) for (const each of names) if (each.step === kept.step && each.epoch === kept.epoch) wanted.add(each.name);
    for (const each of names) if (!wanted.has(each.name)) await store.remove(each.name);
  };
  const settle = async (): Promise<void> => {
    await writing;
    if (failed) throw failed.error;
  };
  return {
    store,
    find: () => findCheckpoint(store),
    recall(known) {
      best = known;
    },
    async see(event, last, take) {
      const value = monitor === undefined ? undefined : event.metrics[monitor];
      if (monitor !== undefined && value === undefined && last && best === undefined)
        throw new DendriteError(
          'OPTION',
          `${where}: checkpoint.keep.best must be a metric that is reported (${Object.keys(event.metrics).join(', ') || 'none is'}), got '${monitor}'. ${monitor.startsWith('validation.') ? 'Fit with `validation`, or watch another.' : 'Watch another.'}`,
        );
      const better = value !== undefined && monitor !== undefined && isBetter(value, best?.value, modeOf(monitor));
      // Asked in any case: it counts the seconds.
      if (!due(event) && !better && !last) return;
      await settle();
      const checkpoint = await take(({ epoch, step }) => {
        if (better) best = { epoch, step, value };
        return best;
      });
      const kept = best;
      writing = write(checkpoint, kept).catch((error: unknown) => {
        failed = { error };
      });
    },
    settle,
  };
}

/** A misspelt part must not be lost: a run that was to be saved often would be saved seldom. */
function checkNames(given: unknown, names: readonly string[], what: string): void {
  const parts = typeof given === 'object' && given !== null ? Object.keys(given) : undefined;
  const wrong = parts === undefined ? String(given) : parts.find((name) => !names.includes(name));
  if (wrong !== undefined)
    throw new DendriteError(
      'OPTION',
      `${what} must have no parts but ${names.join(', ')}, got '${wrong}'. Write { every: 200, store: directory('runs/a'), keep: { last: 2 } }.`,
    );
}
