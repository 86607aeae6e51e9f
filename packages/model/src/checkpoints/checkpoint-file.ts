/**
 * A checkpoint as one file of a store: `epoch-3-step-200-1f2e3d4c5b6a7988.safetensors`, with the beginning of the sha-256 of its
 * bytes in its name. A file that was cut off or damaged does not fit its name, and is passed over.
 */
import { fromBytes, isCheckpoint, toBytes } from '@dendrite/safetensors';
import { type Checkpoint, type CheckpointStore, isDendriteError } from '@dendrite/spec';
import { sha256 } from '../fingerprint/sha256.ts';

const digits = 16;
const pattern = /^epoch-(\d{1,15})-step-(\d{1,15})-([0-9a-f]{16})\.safetensors$/;

/** What a name says. */
export interface CheckpointName {
  readonly name: string;
  readonly epoch: number;
  readonly step: number;
  readonly digest: string;
}

/** Undefined for a file of another kind. */
export function readName(name: string): CheckpointName | undefined {
  const [, epoch, step, digest] = pattern.exec(name) ?? [];
  return digest === undefined ? undefined : { name, epoch: Number(epoch), step: Number(step), digest };
}

/** The checkpoints of a store by their names, the latest first; other files are left out. */
export async function checkpointNames(store: CheckpointStore): Promise<readonly CheckpointName[]> {
  const names = (await store.list()).flatMap((name) => readName(name) ?? []);
  return names.sort((a, b) => b.step - a.step || b.epoch - a.epoch || (a.name < b.name ? -1 : 1));
}

export async function writeCheckpoint(store: CheckpointStore, checkpoint: Checkpoint): Promise<CheckpointName> {
  const bytes = toBytes(checkpoint);
  const digest = (await sha256(bytes)).slice(0, digits);
  const { epoch, step } = checkpoint.cursor;
  const name = `epoch-${epoch}-step-${step}-${digest}.safetensors`;
  await store.write(name, bytes);
  return { name, epoch, step, digest };
}

/** Undefined where it is not there, is not what its name says, or is no checkpoint. What the store throws comes out. */
export async function readCheckpoint(
  store: CheckpointStore,
  { name, digest }: CheckpointName,
): Promise<Checkpoint | undefined> {
  const bytes = await store.read(name);
  if (bytes === undefined || !(await sha256(bytes)).startsWith(digest)) return undefined;
  try {
    const saved = fromBytes(bytes);
    return isCheckpoint(saved) ? saved : undefined;
  } catch (error) {
    if (isDendriteError(error, 'FORMAT')) return undefined;
    throw error;
  }
}

export interface FoundCheckpoint {
  readonly name: CheckpointName;
  readonly checkpoint: Checkpoint;
}
/** The latest that is whole. */
export async function findCheckpoint(store: CheckpointStore): Promise<FoundCheckpoint | undefined> {
  for (const name of await checkpointNames(store)) {
    const checkpoint = await readCheckpoint(store, name);
    if (checkpoint !== undefined) return { name, checkpoint };
  }
  return undefined;
}
