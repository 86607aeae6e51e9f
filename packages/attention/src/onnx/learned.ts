/** What a saved model of texts learned besides its parameters, for the metadata of a file. */
import { specialCodes } from '@dendrite/model';
import { DendriteError, type Json, type SavedModel } from '@dendrite/spec';
import type { Size } from '../text-models/transformer-options.ts';

export type Fields = Readonly<Record<string, Json>>;

/** @throws OPTION  unless the model is one of these */
export function configOf({ header: { model, config } }: SavedModel, names: readonly string[], advice: string): Fields {
  if (!names.includes(model.name))
    throw new DendriteError(
      'OPTION',
      `toOnnx(): the model must be one of ${names.join(', ')}, got '${model.name}'. ${advice}`,
    );
  return config as Fields;
}

/** Of the network, from the config. */
export const sizeOf = ({ width, heads, layers, dropout }: Fields): Size => ({
  width: Number(width),
  heads: Number(heads),
  layers: Number(layers),
  dropout: Number(dropout),
});

/** What each code stands for: `{ level, special, tokens }`, tokens from code 4 on. */
export const vocabularyText = (vocabulary: Json | undefined): string =>
  JSON.stringify({ ...(vocabulary as Fields), special: specialCodes });

/** Of a text, at most: those that the model was trained on, or so many as to find how what it does depends on their number. */
export const mostTokens = (length: number): number => Math.max(16, length);
