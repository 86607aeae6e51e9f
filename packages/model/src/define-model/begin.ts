/** The start of a run: options checked, data prepared, what is gone on from compared, training set up. */
import { hostKey } from '@dendrite/random';
import { isCheckpoint } from '@dendrite/safetensors';
import type { CallbackRun, Checkpoint, Data, FitOptions, SavedModel } from '@dendrite/spec';
import { DendriteError } from '@dendrite/spec';
import { checkSameRun } from '../checkpoints/compare-runs.ts';
import { makeKeeper } from '../checkpoints/keeper.ts';
import { type RunRecord, recordFrom } from '../checkpoints/run-record.ts';
import { runTerms } from '../checkpoints/run-terms.ts';
import type { TrainTask } from '../definition/definition.ts';
import { makeFitted } from '../fitted/fitted.ts';
import { makeProbe } from '../fitted/probe.ts';
import { makeCheckpoint, packagesOf } from '../fitted/save.ts';
import { type AnyCore, type AnyDefinition, type Trained, tableRules } from '../fitted/trained.ts';
import { featureOf } from '../prepare/fit-preprocessing.ts';
import { type Prepared, prepareTraining } from '../prepare/prepare.ts';
import { checkContinuation, checkSaved } from '../restore/check-saved.ts';
import { modelArrays, rememberedArrays } from '../restore/model-arrays.ts';
import type { Session } from '../run/run.ts';
import { callbackStates, restoreCallbacks } from './callback-states.ts';

const where = 'fit()';

export interface BegunRun {
  readonly stopping: () => boolean;
  readonly handle: CallbackRun;
}

export async function beginTraining(
  definition: AnyDefinition,
  given: Data,
  options: FitOptions,
  { stopping, handle }: BegunRun,
): Promise<Session<object>> {
  const { validation, classWeight, runtime, callbacks = [], checkpoint: rule } = options;
  for (const name of ['from', 'checkpoint'] as const) checkResumable(definition, name, options[name]);
  const keeper = rule && makeKeeper(rule, where);
  const found = (await keeper?.find())?.checkpoint;
  // The store's checkpoint is this very run, started before: its data must say the same of themselves again.
  const from = found ?? options.from;
  const known = from && found === undefined ? checkSaved(from, definition, where) : undefined;
  const seed = options.seed ?? (isGoingOn(options.from) ? options.from.header.seed : 0);
  const prepared = await prepareTraining(given, {
    capabilities: definition.capabilities,
    ...tableRules(definition),
    key: hostKey(seed),
    where,
    ...(validation !== undefined && { validation }),
    ...(classWeight !== undefined && { classWeight }),
    ...(known && { known }),
  });
  const fingerprint = once(() => prepared.fingerprint());
  const terms = once(() => runTerms(definition, options, prepared));
  const about = async (): Promise<Omit<Trained, 'core'>> => ({
    definition,
    history: [],
    labels: prepared.labels,
    preprocessing: prepared.preprocessing,
    seed,
    fingerprint: await fingerprint(),
    packages: packagesOf(definition),
    probe,
    ...(runtime && { runtime }),
  });
  let record: RunRecord | undefined;
  if (from && isCheckpoint(from)) {
    record = recordFrom(from.run, where);
    if (found && keeper) {
      const { meta: model, config } = definition;
      const header = { model, config, seed, data: await fingerprint(), packages: packagesOf(definition) };
      checkSameRun(found, record, { header, terms: await terms() }, keeper.store.name);
      checkSaved(found, definition, where);
    } else checkContinuation(from, await fingerprint(), seed, where);
    restoreCallbacks(callbacks, from.callbacks, handle);
    keeper?.recall(record.best);
  }
  const probe = await makeProbe(prepared.data, seed);
  const remembered = from && record && (await rememberedCore(definition, from, record, prepared, runtime));
  // A caller who names a checkpoint wants to go on; the same command again shall end as it ended.
  const { stopped, terms: _, remembered: __, ...told } = record ?? { terms: {}, history: [], seconds: 0 };
  return {
    training: definition.train(taskOf(prepared, options, seed, stopping, from)),
    ...(record && {
      before: {
        ...told,
        ...(found && stopped !== undefined && { stopped }),
        ...(remembered && { remembered }),
      },
    }),
    ...(keeper && { keeper }),
    checkpoint: async (parts, soFar) => {
      const states = callbackStates(callbacks, handle);
      return makeCheckpoint(await about(), parts, states, await terms(), soFar);
    },
    finish: async (core, history, stopped) =>
      makeFitted({ ...(await about()), core, history, ...(stopped !== undefined && { stopped }) }),
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

/** What training gets. */
export function taskOf(
  { data, validation, labels, classWeight }: Prepared,
  options: FitOptions,
  seed: number,
  stopping: () => boolean,
  from: Checkpoint | SavedModel | undefined,
): TrainTask {
  const { runtime, signal } = options;
  return {
    data,
    labels,
    seed,
    options,
    key: hostKey(seed),
    ...(validation && { validation }),
    ...(classWeight && { classWeight }),
    ...(runtime && { runtime }),
    ...(signal && { signal }),
    ...(from && { from: { ...from, arrays: modelArrays(from.arrays) } }),
    stopping,
  };
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

const isGoingOn = (from: FitOptions['from']): from is Checkpoint => from !== undefined && isCheckpoint(from);

/** Computes at the first call, and then gives the same promise. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= compute());
}
