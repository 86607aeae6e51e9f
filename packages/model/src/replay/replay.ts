/** Training again from what a model's file says of its training, and the comparison of what comes out. */
import { fromBytes, toBytes } from '@dendrite/safetensors';
import {
  type Callback,
  type Data,
  DendriteError,
  type FitOptions,
  isDendriteError,
  type Json,
  type Model,
  type SavedArray,
  type SavedModel,
} from '@dendrite/spec';
import { earlyStopping } from '../callbacks/early-stopping.ts';
import { stopOnNaN } from '../callbacks/stop-on-nan.ts';
import { builder, type FactoryTable } from '../load/load.ts';
import { trainingOf } from './check-training.ts';

export interface ReplayOptions extends Pick<FitOptions, 'runtime' | 'signal' | 'onProgress' | 'from'> {
  /** Tables of the packages that the model is made of; not needed with `model`. */
  readonly with?: readonly FactoryTable[];
  /** The model as it was made, where no table can make it (a function of its own in it). */
  readonly model?: Model;
  /** Validation data that were given as data; a fraction stands in the file. */
  readonly validation?: FitOptions['validation'];
  /** In place of those that the file names: those of your own. */
  readonly callbacks?: readonly Callback[];
}

export interface Replayed {
  /** Every array has the bits of the file's. */
  readonly equal: boolean;
  /** Where they are not: the largest |a − b|, as a share of the largest |a| of its array, and which array that is. */
  readonly difference: number;
  readonly array?: string;
  /**
   * What decides bits and is not as it was when the file was written: backend, processor, runtime. The same bits are promised where
   * there is nothing; and for models without tensors everywhere, so theirs is always empty.
   */
  readonly elsewhere: readonly Elsewhere[];
  /** The backend that computed now; null for models without tensors. */
  readonly backend: string | null;
  /** The model that was trained now. */
  readonly saved: SavedModel;
}

/** One thing that differs, in words. */
export interface Elsewhere {
  readonly what: 'backend' | 'processor' | 'runtime';
  readonly before: string;
  readonly now: string;
}

const where = 'replay()';

/**
 * Trains again: model, seed, fit options, fraction of validation, weights and known callbacks are the file's; data come from the
 * caller and must have the fingerprint in the file, which is judged before anything runs, as are the versions.
 * The same bits are promised where `elsewhere` is empty: on the same backend, processor and runtime. Else look at `difference`.
 * @throws DATA for other data; FORMAT for other versions, and files that do not tell; OPTION where something is missing that only
 *   the caller has, or that depended on the clock or on a person
 * @example
 * import { replay, toBytes } from '@dendrite/model';
 * import { randomForestClassifier } from '@dendrite/random-forest';
 * const data = { x: [[1], [2], [8], [9]], y: ['low', 'low', 'high', 'high'] };
 * const model = randomForestClassifier({ trees: 5 });
 * const file = toBytes(await (await model.fit(data, { seed: 3 })).save());
 * (await replay(file, data, { model })).equal; // true
 */
export async function replay(
  file: Uint8Array | SavedModel,
  data: Data | object,
  { with: tables = [], model: given, validation, callbacks, ...rest }: ReplayOptions = {},
): Promise<Replayed> {
  const saved = file instanceof Uint8Array ? fromBytes(file) : file;
  if (typeof saved?.header?.model !== 'object' || typeof saved.arrays !== 'object')
    throw new DendriteError(
      'OPTION',
      `${where}: the file must be its bytes or a saved model, got ${typeof file === 'string' ? `'${file}'` : file === null ? 'null' : typeof file}. Read it first: replay(await readFile('model.safetensors'), data, { with: [nnLayers] }).`,
    );
  const training = trainingOf(saved, where);
  const { header } = saved;
  const model = given ?? (builder(tables)(header.model.name, header.config) as Model);
  const fitted = await model.fit(data as Data, {
    ...(training.options as object),
    ...rest,
    seed: header.seed,
    sameAs: saved,
    callbacks: callbacks ?? callbacksOf(training),
    ...validationOf(training.validation, validation),
    ...(training.classWeight && { classWeight: training.classWeight as NonNullable<FitOptions['classWeight']> }),
  });
  try {
    const again = await fitted.save();
    const now = trainingOf(again, where);
    return {
      ...compared(saved, again),
      elsewhere: now.backend === null ? [] : elsewhere(training, now),
      backend: now.backend === null ? null : backendText(now.backend),
      saved: again,
    };
  } finally {
    fitted.dispose();
  }
}

function validationOf(
  told: Json | undefined,
  given: FitOptions['validation'],
): { readonly validation?: NonNullable<FitOptions['validation']> } {
  if (given !== undefined) return { validation: given };
  if (typeof told === 'number') return { validation: told };
  if (told === null || told === undefined) return {};
  throw new DendriteError(
    'OPTION',
    `${where}: options.validation must be the data that the model was validated on, got none. Pass them; their fingerprint is compared.`,
  );
}

/** Those that can be made from what a file says. @throws OPTION; FORMAT for a damaged list */
function callbacksOf({ callbacks = [], stopped }: { readonly [name: string]: Json | undefined }): readonly Callback[] {
  if (!Array.isArray(callbacks)) throw damaged('a list of callbacks', callbacks);
  const made = (callbacks as readonly Json[]).map((each) => {
    const { name, config = null } = fieldsOf(each);
    if (typeof name !== 'string') throw damaged('the names of callbacks', each);
    const make = Object.hasOwn(known, name) ? known[name] : undefined;
    if (make === undefined)
      throw new DendriteError(
        'OPTION',
        `${where}: options.callbacks must be those that the model was trained with, got none for '${name}', which no file can hold. Pass them all.`,
      );
    try {
      return make(config);
    } catch (error) {
      throw isDendriteError(error) ? error : damaged(`the options of ${name}`, config);
    }
  });
  // A clock may have ended a run that early stopping watched as well: the reason tells.
  if (stopped !== undefined && !made.some(({ name }) => deciding[name]?.test(String(stopped))))
    throw new DendriteError(
      'OPTION',
      `${where}: the model must have been trained to its end, got one that was stopped: ${String(stopped)}. What a person or a clock decided cannot be done again.`,
    );
  return made;
}
/** Callbacks that end a run by what is measured, and how their reasons read. */
const deciding: Readonly<Record<string, RegExp>> = {
  earlyStopping: / has not improved for \d+ reports \(/,
  stopOnNaN: / is -?(NaN|Infinity) after (batch|epoch|tree) \d+$/,
};
const damaged = (what: string, got: Json): DendriteError =>
  new DendriteError(
    'FORMAT',
    `${where}: the file must hold ${what}, got ${JSON.stringify(got).slice(0, 80)}. It is damaged.`,
  );
/** Callbacks that look on and decide nothing stand in for themselves: they need only be there by name and config. */
const silent =
  (name: string) =>
  (config: Json): Callback => ({ name, config, on: () => {} });
const known: Readonly<Record<string, (config: Json) => Callback>> = {
  earlyStopping: (config) => earlyStopping(config as Parameters<typeof earlyStopping>[0]),
  stopOnNaN,
  timeBudget: silent('timeBudget'),
  eventLog: silent('eventLog'),
};

type Told = Readonly<Record<string, Json | undefined>>;
const fieldsOf = (json: Json | undefined): Told =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Told) : {};
const text = (json: Json | undefined): string => (typeof json === 'string' ? json : 'unknown');

/** `'wasm 0.1.0 (relaxed SIMD)'`. */
function backendText(json: Json | undefined): string {
  const { name, version, arithmetic } = fieldsOf(json);
  return `${text(name)} ${text(version)}${typeof arithmetic === 'string' ? ` (${arithmetic})` : ''}`;
}

function elsewhere(before: Told, now: Told): readonly Elsewhere[] {
  const [left, right] = [before, now].map(({ backend, host }) => ({
    backend: backendText(backend),
    processor: text(fieldsOf(host).processor),
    runtime: text(fieldsOf(host).runtime),
  }));
  return (['backend', 'processor', 'runtime'] as const).flatMap((what) =>
    left && right && left[what] !== right[what] ? [{ what, before: left[what], now: right[what] }] : [],
  );
}

function compared(before: SavedModel, after: SavedModel): Pick<Replayed, 'equal' | 'difference' | 'array'> {
  let [difference, array]: [number, string | undefined] = [0, undefined];
  const names = new Set([...Object.keys(before.arrays), ...Object.keys(after.arrays)]);
  for (const name of names) {
    const off = distance(before.arrays[name], after.arrays[name]);
    if (off > difference || (Number.isNaN(off) && !Number.isNaN(difference))) [difference, array] = [off, name];
  }
  return { equal: array === undefined && sameBytes(before, after), difference, ...(array !== undefined && { array }) };
}

/** Infinite where the arrays cannot be compared, as trees of other sizes. */
function distance(a: SavedArray | undefined, b: SavedArray | undefined): number {
  if (!a || !b || a.dtype !== b.dtype || a.data.length !== b.data.length) return Number.POSITIVE_INFINITY;
  let [off, most] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [Number(a.data[i]), Number(b.data[i])];
    most = Math.max(most, Math.abs(x));
    if (!Object.is(x, y))
      off = Math.max(off, Number.isNaN(x) || Number.isNaN(y) ? Number.POSITIVE_INFINITY : Math.abs(x - y));
  }
  return off === 0 ? 0 : off / (most || 1);
}
/** 0 and −0 are no distance apart, and other bits. */
function sameBytes(a: SavedModel, b: SavedModel): boolean {
  const [left, right] = [a, b].map(({ header, arrays }) => toBytes({ header: { ...header, training: null }, arrays }));
  return (
    left !== undefined &&
    right !== undefined &&
    left.length === right.length &&
    left.every((byte, i) => byte === right[i])
  );
}
