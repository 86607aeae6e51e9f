/** A checkpoint told from a model that is done. */
import type { Checkpoint, SavedModel } from '@dendrite/spec';

/** Whether a run can go on from it. */
export const isCheckpoint = (saved: SavedModel | Checkpoint): saved is Checkpoint => 'cursor' in saved;
