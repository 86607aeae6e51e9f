/** Whether a run that starts is the one that a model was made by; and what a file says of that run. */
import { DendriteError, type Json, type SavedModel } from '@dendrite/spec';
import { firstChange, type Started } from '../checkpoints/compare-runs.ts';

type Fields = { readonly [name: string]: Json };

/** @throws FORMAT  for a file that does not tell */
export function trainingOf({ header }: SavedModel, where: string): Fields {
  const { training } = header;
  if (typeof training !== 'object' || training === null || Array.isArray(training))
    throw new DendriteError(
      'FORMAT',
      `${where}: the file must say with what its model was trained, got none. It is a checkpoint, or of an older version: train to the end and save.`,
    );
  return training as Fields;
}

/**
 * On another backend a run is the same, with other bits.
 * @throws DATA, FORMAT or OPTION  for the first part that differs, with both sides
 */
export function checkTraining(saved: SavedModel, started: Started): void {
  const { stopped: _, ...terms } = trainingOf(saved, 'fit()');
  const change = firstChange({ header: saved.header, terms }, started, ['backend']);
  if (change === undefined) return;
  const { what, code, where, wanted, got, advice } = change;
  throw new DendriteError(
    code,
    `fit(): the ${what} must be the same as in the saved model's training, where ${where} is ${wanted}, got ${got}. ${advice}.`,
  );
}
