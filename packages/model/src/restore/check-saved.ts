/** Whether a saved model or checkpoint belongs to this model: compared before anything is built from it. */
import { type Checkpoint, DendriteError, type Json, type Label, type SavedModel } from '@dendrite/spec';
import type { AnyDefinition } from '../fitted/trained.ts';
import { listLabels } from '../labels/known-labels.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { readPreprocessing } from '../preprocessing/read-preprocessing.ts';

export interface CheckedSaved {
  readonly labels: readonly Label[];
  readonly preprocessing: Preprocessing;
}

/** @throws FORMAT  where name, task, config, labels or preprocessing do not fit; it says which, and both sides */
export async function checkSaved(
  { header }: SavedModel,
  definition: Pick<AnyDefinition, 'meta' | 'capabilities' | 'config' | 'accepts'>,
  where: string,
): Promise<CheckedSaved> {
  const { meta, capabilities, config } = definition;
  const fail = (what: string, wanted: string, got: string): never => {
    throw new DendriteError('FORMAT', `${where}: ${what} must be ${wanted}, got ${got}.`);
  };
  if (header.format !== 'dendrite' || header.version !== 1)
    fail('the format', "'dendrite' version 1", `'${String(header.format)}' version ${String(header.version)}`);
  if (header.model.name !== meta.name)
    fail(
      'the saved model',
      `a '${meta.name}'`,
      `a '${header.model.name}'. Restore it with the model that saved it, or with load()`,
    );
  if (header.task !== capabilities.task) fail('the task', capabilities.task, String(header.task));
  const misfit = definition.accepts
    ? await definition.accepts(header.config)
    : sameJson(header.config, config)
      ? undefined
      : `must be ${shown(config)}, got ${shown(header.config)}`;
  if (misfit !== undefined)
    throw new DendriteError(
      'FORMAT',
      `${where}: the config in the file ${misfit}. Make the model with the options it was saved with.`,
    );
  const labels = header.labels ?? [];
  if (capabilities.task === 'classification' && labels.length < 1) fail('the labels', 'at least one', 'none');
  return { labels, preprocessing: readPreprocessing(header.preprocessing, where) };
}

/** @throws FORMAT  where the caller's labels are not the file's; their order does not matter */
export function checkLabels(asked: readonly Label[] | undefined, labels: readonly Label[], where: string): void {
  if (asked === undefined) return;
  const given = new Set(asked);
  if (given.size === labels.length && labels.every((label) => given.has(label))) return;
  throw new DendriteError(
    'FORMAT',
    `${where}: labels must be those of the file (${listLabels(labels)}), got ${listLabels(asked)}.`,
  );
}

/**
 * Whether a run can be continued on these data with this seed.
 * @throws DATA  where the data changed since the checkpoint; OPTION for another seed
 */
export function checkContinuation({ header }: Checkpoint, fingerprint: string, seed: number, where: string): void {
  if (header.data !== fingerprint)
    throw new DendriteError(
      'DATA',
      `${where}: the data must be those of the checkpoint (fingerprint ${header.data.slice(0, 12)}…), got others (${fingerprint.slice(0, 12)}…). Give the same data, or start from a saved model instead.`,
    );
  if (header.seed !== seed)
    throw new DendriteError(
      'OPTION',
      `${where}: the seed must be that of the checkpoint, ${header.seed}, got ${seed}. Leave it out.`,
    );
}

/** Equal by content; the order of keys does not matter. */
export function sameJson(a: Json, b: Json): boolean {
  return canonical(a) === canonical(b);
}
function canonical(json: Json): string {
  return JSON.stringify(json, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
function shown(json: Json): string {
  const text = JSON.stringify(json);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
