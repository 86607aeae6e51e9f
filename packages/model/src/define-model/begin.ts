/** The start of a run: options checked, data prepared, what is gone on from compared, training set up. */
import { hostKey } from '@dendrite/random';
import type { Checkpoint, Data, FitOptions, SavedModel } from '@dendrite/spec';
import type { Started } from '../checkpoints/compare-runs.ts';
import type { TrainTask } from '../definition/definition.ts';
import { makeFitted } from '../fitted/fitted.ts';
import { probeRows } from '../fitted/probe-rows.ts';
import { type AnyDefinition, type Trained, tableRules } from '../fitted/trained.ts';
import { type Prepared, prepareTraining } from '../prepare/prepare.ts';
import type { RunState, Session } from '../run/run.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const goingOn = () => import('./go-on.ts');
const saving = () => import('../fitted/saving.ts');
const checkpointing = () => import('../checkpoints/checkpointing.ts');
const comparing = () => import('../replay/check-training.ts');

const where = 'fit()';

export async function beginTraining(
  definition: AnyDefinition,
  given: Data,
  options: FitOptions,
  { handle, ...state }: RunState,
): Promise<Session<object>> {
  const { validation, classWeight, runtime, callbacks = [], sameAs } = options;
  // Who trains from the beginning and keeps nothing need not load it.
  const goOn = options.from || options.checkpoint ? await goingOn() : undefined;
  const place = (await goOn?.findPlace(definition, options)) ?? {};
  const { keeper, from, known } = place;
  const seed = options.seed ?? (options.from && 'cursor' in options.from ? options.from.header.seed : 0);
  const prepared = await prepareTraining(given, {
    capabilities: definition.capabilities,
    ...tableRules(definition),
    key: hostKey(seed),
    where,
    ...(validation !== undefined && { validation }),
    ...(classWeight !== undefined && { classWeight }),
    ...(known && { known }),
  });
  const hashed = prepared.fingerprint();
  // Awaited when it is needed; until then a failure must not count as unhandled.
  hashed.catch(() => {});
  const fingerprint = (): Promise<string> => hashed;
  // What was decided is told in files alone.
  const terms = once(async () => (await saving()).runTerms(definition, options, prepared));
  const started = async (): Promise<Started> => {
    const { meta: model, config } = definition;
    const { packagesOf } = await saving();
    const header = { model, config, seed, data: await fingerprint(), packages: packagesOf(definition) };
    return { header, terms: await terms() };
  };
  if (sameAs) (await comparing()).checkTraining(sameAs, await started());
  const first = await probeRows(prepared.data);
  const about = async (): Promise<Omit<Trained, 'core'>> => ({
    definition,
    history: [],
    labels: prepared.labels,
    preprocessing: prepared.preprocessing,
    seed,
    fingerprint: await fingerprint(),
    probe: async () => (await saving()).makeProbe(first, seed),
    ...(runtime && { runtime }),
  });
  /** What was decided, when a file asks for it; until then what it takes is kept, but no data. */
  const toldLater = async (stopped: string | undefined): Promise<NonNullable<Trained['training']>> => {
    const known = goOn || prepared.validationFingerprint ? await terms() : undefined;
    const { signal: _signal, onProgress: _onProgress, ...kept } = options;
    return async () => ({
      ...(known ?? (await (await saving()).runTerms(definition, kept, {}))),
      ...(stopped !== undefined && { stopped }),
    });
  };
  const before = await goOn?.takeUp(definition, options, place, { seed, prepared, handle, fingerprint, started });
  return {
    training: definition.train(taskOf(prepared, options, seed, state, from && goOn?.withOwnArrays(from))),
    ...(before && { before }),
    ...(keeper && { keeper }),
    async checkpoint(parts, soFar) {
      const { makeCheckpoint, callbackStates } = await checkpointing();
      const states = callbackStates(callbacks, handle);
      return makeCheckpoint(await about(), parts, states, await terms(), soFar);
    },
    finish: async (core, history, stopped) =>
      makeFitted({
        ...(await about()),
        core,
        history,
        training: await toldLater(stopped),
        ...(stopped !== undefined && { stopped }),
      }),
  };
}

/** What training gets. */
export function taskOf(
  { data, validation, labels, classWeight }: Prepared,
  options: FitOptions,
  seed: number,
  state: Pick<TrainTask, 'stopping' | 'watched'>,
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
    ...(from && { from }),
    ...state,
  };
}

/** Computes at the first call, and then gives the same promise. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= compute());
}
