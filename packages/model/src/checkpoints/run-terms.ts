/** What decides a run's result besides model, config, seed, data and versions, which stand in its header. */
import type { FitOptions, Json } from '@dendrite/spec';
import { common } from '../definition/option-rules.ts';
import type { AnyDefinition } from '../fitted/trained.ts';
import { host } from '../host/host.ts';
import type { Prepared } from '../prepare/prepare.ts';
import type { RunRecord } from './run-record.ts';

export async function runTerms(
  definition: AnyDefinition,
  options: FitOptions,
  { validationFingerprint }: Pick<Prepared, 'validationFingerprint'>,
): Promise<RunRecord['terms']> {
  const { validation, classWeight = null, callbacks = [], from, runtime } = options;
  return {
    // Own options have passed their rules; those that are no JSON (a function) are the caller's to keep the same.
    options: Object.fromEntries(
      Object.entries(options).flatMap(([name, value]: [string, unknown]): [string, Json][] =>
        common.includes(name) || !isJson(value) ? [] : [[name, value]],
      ),
    ),
    validation: typeof validation === 'number' ? validation : ((await validationFingerprint?.()) ?? null),
    classWeight: typeof classWeight === 'object' && classWeight !== null ? { ...classWeight } : classWeight,
    callbacks: callbacks.map(({ name, config = null }): Json => ({ name, config })),
    backend: (await definition.computesOn?.(runtime)) ?? null,
    host: { ...host() },
    from: from ? await (await import('./saved-digest.ts')).savedDigest(from) : null,
  };
}

function isJson(value: unknown): value is Json {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (Array.isArray(value)) return value.every(isJson);
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
    ? Object.values(value).every(isJson)
    : false;
}
