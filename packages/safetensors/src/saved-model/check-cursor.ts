/** Judges what a checkpoint has beside its model: plain data from a file, until this has seen them. */
import type { Checkpoint, Json } from '@dendrite/spec';
import { fields, whole } from './check-header.ts';

export function checkCursor(value: Json): Checkpoint['cursor'] {
  const cursor = fields(value, 'cursor');
  return {
    epoch: whole(cursor.epoch, 'cursor.epoch'),
    batch: whole(cursor.batch, 'cursor.batch'),
    step: whole(cursor.step, 'cursor.step'),
  };
}

export const checkCallbacks = (value: Json): Checkpoint['callbacks'] => fields(value, 'callbacks');
