/** The start of a run: options checked, data prepared, what is gone on from compared, training set up. */
import { hostKey } from '@dendrite/random';
import type { Checkpoint, Data, FitOptions, Json, SavedModel } from '@dendrite/spec';
import { DendriteError } from '@dendrite/spec';
import type { TrainTask } from '../definition/definition.ts';
import { makeFitted } from '../fitted/fitted.ts';
import { makeProbe } from '../fitted/probe.ts';
import { makeCheckpoint, packagesOf } from '../fitted/save.ts';
import { type AnyDefinition, type Trained, tableRules } from '../fitted/trained.ts';
import { type Prepared, prepareTraining } from '../prepare/prepare.ts';
import { checkContinuation, checkSaved } from '../restore/check-saved.ts';
import type { Session } from '../run/run.ts';

const where = 'fit()';

export async function beginTraining(
  definition: AnyDefinition,
  given: Data,
  options: FitOptions,
  stopping: () => boolean,
): Promise<Session<object>> {
  const { capabilities, meta } = definition;
  const { from, validation, classWeight, runtime, callbacks = [] } = options;
  if (from && capabilities.resume === 'none')
    throw new DendriteError(
      'OPTION',
      `${where}: '${meta.name}' must be able to go on from a model, got \`from\` and the capability resume: 'none'. Leave \`from\` out.`,
    );
  const known = from && checkSaved(from, definition, where);
  const seed = options.seed ?? (isCheckpoint(from) ? from.header.seed : 0);
  const key = hostKey(seed);
  const prepared = await prepareTraining(given, {
    capabilities,
    ...tableRules(definition),
    key,
    where,
    ...(validation !== undefined && { validation }),
    ...(classWeight !== undefined && { classWeight }),
    ...(known && { known }),
  });
  const fingerprint = prepared.fingerprint();
  // Awaited when it is needed; until then a failure must not count as unhandled.
  fingerprint.catch(() => {});
  if (isCheckpoint(from)) {
    checkContinuation(from, await fingerprint, seed, where);
    for (const callback of callbacks) {
      if (Object.hasOwn(from.callbacks, callback.name)) callback.restore?.(from.callbacks[callback.name] ?? null);
    }
  }
  const probe = await makeProbe(prepared.data, seed);
  const about = async (): Promise<Omit<Trained, 'core'>> => ({
    definition,
    history: [],
    labels: prepared.labels,
    preprocessing: prepared.preprocessing,
    seed,
    fingerprint: await fingerprint,
    packages: packagesOf(definition),
    probe,
    ...(runtime && { runtime }),
  });
  return {
    training: definition.train(taskOf(prepared, options, seed, stopping)),
    async checkpoint(parts) {
      const states = callbacks.flatMap(({ name, save }): [string, Json][] => (save ? [[name, save()]] : []));
      return makeCheckpoint(await about(), parts, Object.fromEntries(states));
    },
    finish: async (core, history, stopped) =>
      makeFitted({ ...(await about()), core, history, ...(stopped !== undefined && { stopped }) }),
  };
}

function taskOf(
  { data, validation, labels, classWeight }: Prepared,
  options: FitOptions,
  seed: number,
  stopping: () => boolean,
): TrainTask {
  const { runtime, signal, from } = options;
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
    stopping,
  };
}

function isCheckpoint(from: Checkpoint | SavedModel | undefined): from is Checkpoint {
  return from !== undefined && 'cursor' in from;
}
