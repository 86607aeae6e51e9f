/** Whether a run that was started again is the run that the checkpoint is of: compared before anything runs. */
import { type Checkpoint, DendriteError, type ErrorCode, type Json, type SavedHeader } from '@dendrite/spec';
import type { RunRecord } from './run-record.ts';

type Fields = { readonly [name: string]: Json };
/** What a run that starts says of itself, in the words of a checkpoint. */
export interface Started {
  readonly header: Pick<SavedHeader, 'model' | 'config' | 'seed' | 'data' | 'packages'>;
  readonly terms: Fields;
}

/** Each part, in the order of naming: what it is, and the code of its error. */
const parts: readonly (readonly [what: string, code: ErrorCode, advice: string])[] = [
  ['data', 'DATA', 'Give the same data'],
  ['validation', 'DATA', 'Give the same validation data'],
  ['model', 'FORMAT', 'Make the model that began it, with the version that it had'],
  ['packages', 'FORMAT', 'Install the versions that began it'],
  ['backend', 'BACKEND', 'Compute on the backend that began it'],
  ['config', 'OPTION', 'Make the model with the same options'],
  ['options', 'OPTION', 'Give fit() the same options'],
  ['seed', 'OPTION', 'Give the same seed'],
  ['classWeight', 'OPTION', 'Give the same weights'],
  ['from', 'OPTION', 'Start from the same model'],
  ['callbacks', 'OPTION', 'Give the same callbacks'],
];

/**
 * @throws DATA, FORMAT, BACKEND or OPTION  for the first part that changed, with both sides
 */
export function checkSameRun(
  { header }: Checkpoint,
  { terms }: RunRecord,
  { header: now, terms: nowTerms }: Started,
  store: string,
): void {
  const change = firstChange({ header, terms }, { header: now, terms: nowTerms });
  if (change === undefined) return;
  const { what, code, where, wanted, got, advice } = change;
  throw new DendriteError(
    code,
    `fit(): a run that goes on must have the ${what} of its checkpoint in ${store}, where ${where} is ${wanted}, got ${got}. ${advice}, or another store to begin anew.`,
  );
}

export interface Change {
  readonly what: string;
  readonly code: ErrorCode;
  readonly advice: string;
  /** The place in it that differs, and both sides as text. */
  readonly where: string;
  readonly wanted: string;
  readonly got: string;
}

/** The first part in which two runs differ. @param but  parts that may */
export function firstChange(one: Started, other: Started, but: readonly string[] = []): Change | undefined {
  const before: Fields = { ...one.terms, ...told(one.header) };
  const here: Fields = { ...other.terms, ...told(other.header) };
  for (const [what, code, advice] of parts) {
    if (but.includes(what)) continue;
    const found = difference(before[what] ?? null, here[what] ?? null, what);
    if (found === undefined) continue;
    const [where, wanted, got] = found;
    return { what, code, advice, where, wanted: shown(wanted), got: shown(got) };
  }
  return undefined;
}
const told = ({ model, config, seed, data, packages }: Started['header']): Fields => ({
  model: { ...model },
  config,
  seed,
  data,
  packages,
});

/** The first place where two values differ: its path and both sides. The order of keys does not matter. */
export function difference(
  a: Json | undefined,
  b: Json | undefined,
  path: string,
): readonly [path: string, a: Json | undefined, b: Json | undefined] | undefined {
  if (a === undefined || b === undefined || !isNested(a) || !isNested(b) || Array.isArray(a) !== Array.isArray(b))
    return Object.is(a, b) ? undefined : [path, a, b];
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const found = difference(left.get(name), right.get(name), `${path}.${name}`);
    if (found) return found;
  }
  return undefined;
}
const isNested = (json: Json): json is readonly Json[] | Fields => typeof json === 'object' && json !== null;
const fieldsOf = (json: readonly Json[] | Fields): ReadonlyMap<string, Json> => new Map(Object.entries(json));
function shown(json: Json | undefined): string {
  if (json === undefined) return 'absent';
  const text = JSON.stringify(json);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
