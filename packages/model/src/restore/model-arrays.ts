/** Which of a file's arrays are the model's, and which are those of the model that a callback remembered. */
import type { SavedArray, SavedModel } from '@dendrite/spec';

type Arrays = Readonly<Record<string, SavedArray>>;
export const rememberedPrefix = 'remembered.';

/** What the model itself saved. */
export const modelArrays = (arrays: Arrays): Arrays =>
  picked(arrays, (name) => (name.startsWith('probe.') || name.startsWith(rememberedPrefix) ? undefined : name));

/** A file, or a checkpoint, with the arrays of the model alone. */
export const withOwnArrays = <S extends SavedModel>(saved: S): S => ({ ...saved, arrays: modelArrays(saved.arrays) });

/** What the remembered model saved, under its own names. */
export const rememberedArrays = (arrays: Arrays): Arrays =>
  picked(arrays, (name) => (name.startsWith(rememberedPrefix) ? name.slice(rememberedPrefix.length) : undefined));

const picked = (arrays: Arrays, rename: (name: string) => string | undefined): Arrays =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([name, array]) => {
      const own = rename(name);
      return own === undefined ? [] : [[own, array] as const];
    }),
  );
