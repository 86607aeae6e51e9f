/** What a saved model or checkpoint is known by: the digest of its file. */
import { toBytes } from '@dendrite/safetensors';
import type { Checkpoint, SavedModel } from '@dendrite/spec';
import { sha256 } from '../fingerprint/sha256.ts';

/** 64 hex digits. */
export const savedDigest = (saved: SavedModel | Checkpoint): Promise<string> => sha256(toBytes(saved));
