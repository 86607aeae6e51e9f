/** Where a run goes on from: a checkpoint of its store, or what the caller gives; compared, and taken up. Loaded where one of both is given. */
import { isCheckpoint } from '@dendrite/safetensors';
import { type CallbackRun, type Checkpoint, DendriteError, type FitOptions, type SavedModel } from '@dendrite/spec';
import { checkSameRun, type Started } from '../checkpoints/compare-runs.ts';
import { type Keeper, makeKeeper } from '../checkpoints/keeper.ts';
import { type RunRecord, recordFrom } from '../checkpoints/run-record.ts';
import type { AnyCore, AnyDefinition } from '../fitted/trained.ts';
import type { Prepared } from '../prepare/prepare.ts';
import { featureOf } from '../preprocessing/feature-of.ts';
import { checkIsSaved } from '../restore/check-is-saved.ts';
import { type CheckedSaved, checkContinuation, checkSaved } from '../restore/check-saved.ts';
import { rememberedArrays, withOwnArrays } from '../restore/model-arrays.ts';
import type { SoFar } from '../run/run.ts';
import { restoreCallbacks } from './callback-states.ts';

export { withOwnArrays };

const where = 'fit()';

export interface Place {
  readonly keeper?: Keeper;
  /** The store's checkpoint is this very run, started before; its data must say the same of themselves again. */
  readonly found?: Checkpoint;
  readonly from?: Checkpoint | SavedModel;
  /** Labels and preprocessing of what the caller gives, which must stand. */
  readonly known?: CheckedSaved;
}

/** @throws OPTION  where the model cannot go on, `from` is no saved model, or the rule cannot be; FORMAT  where `from` is of another model */
export async function findPlace(definition: AnyDefinition, options: FitOptions): Promise<Place> {
  for (const name of ['from', 'checkpoint'] as const) checkResumable(definition, name, options[name]);
  if (options.from !== undefined) checkIsSaved(options.from, where);
  const keeper = options.checkpoint && makeKeeper(options.checkpoint, where);
  const found = (await keeper?.find())?.checkpoint;
  const from = found ?? options.from;
  return {
    ...(keeper && { keeper }),
    ...(from && { from }),
    ...(found ? { found } : from && { known: await checkSaved(from, definition, where) }),
  };
}

interface Begun {
  readonly seed: number;
  readonly prepared: Prepared;
  readonly handle: CallbackRun;
  fingerprint(): Promise<string>;
  /** What this run says of itself. */
  started(): Promise<Started>;
}

/**
 * Compares, gives callbacks their memories back, and tells what was before; undefined where nothing was but a model.
 * @throws DATA, OPTION, FORMAT, BACKEND  for the first thing that is not as it was
 */
export async function takeUp(
  definition: AnyDefinition,
  { callbacks = [], runtime }: FitOptions,
  { keeper, found, from }: Place,
  { seed, prepared, handle, fingerprint, started }: Begun,
): Promise<SoFar | undefined> {
  if (from === undefined || !isCheckpoint(from)) return undefined;
  const record = recordFrom(from.run, where);
  if (found && keeper) {
    checkSameRun(found, record, await started(), keeper.store.name);
    await checkSaved(found, definition, where);
  } else checkContinuation(from, await fingerprint(), seed, where);
  restoreCallbacks(callbacks, from.callbacks, handle);
  keeper?.recall(record.best);
  const remembered = await rememberedCore(definition, from, record, prepared, runtime);
  const { history, seconds, stopped, best } = record;
  return {
    ...{ history, seconds },
    // A caller who names a checkpoint wants to go on; the same call again shall end as it ended.
    ...(found && stopped !== undefined && { stopped }),
    ...(best && { best }),
    ...(remembered && { remembered }),
  };
}

function checkResumable({ capabilities, meta }: AnyDefinition, name: 'from' | 'checkpoint', given: unknown): void {
  if (given === undefined || capabilities.resume !== 'none') return;
  const what = name === 'from' ? 'go on from a model' : 'go on from a checkpoint';
  throw new DendriteError(
    'OPTION',
    `${where}: '${meta.name}' must be able to ${what}, got \`${name}\` and the capability resume: 'none'. Leave \`${name}\` out.`,
  );
}

/** The model that was remembered when the checkpoint was made. */
async function rememberedCore(
  definition: AnyDefinition,
  saved: SavedModel,
  { remembered }: RunRecord,
  { labels, preprocessing }: Prepared,
  runtime: FitOptions['runtime'],
): Promise<AnyCore | undefined> {
  if (remembered === undefined) return undefined;
  const { extra } = remembered;
  return definition.restore({
    saved: { ...saved, header: { ...saved.header, extra } },
    arrays: rememberedArrays(saved.arrays),
    extra,
    labels,
    ...(definition.capabilities.data === 'batches' && { feature: featureOf(preprocessing) }),
    ...(runtime && { runtime }),
  });
}
