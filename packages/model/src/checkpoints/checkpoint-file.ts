/**
 * A checkpoint as one file of a store: `epoch-3-step-200-1f2e3d4c5b6a7988.safetensors`, with the beginning of a digest of its
 * bytes in its name. A file that was cut off or damaged does not fit its name, and is passed over.
 */
import { fromBytes, isCheckpoint, toBytes } from '@dendrite/safetensors';
import { type Checkpoint, type CheckpointStore, isDendriteError } from '@dendrite/spec';
import { sha256 } from '../fingerprint/sha256.ts';

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

/** `into`: memory of an earlier write, which has ended. The name, and the memory for the next. */
export async function writeCheckpoint(
  store: CheckpointStore,
  checkpoint: Checkpoint,
  into?: ArrayBuffer,
): Promise<{ readonly name: string; readonly memory: ArrayBuffer }> {
  const size = Object.values(checkpoint.arrays).reduce((sum, { data }) => sum + data.byteLength, 0);
  const memory = into && into.byteLength >= size + room / 2 ? into : new ArrayBuffer(size + room);
  const bytes = toBytes(checkpoint, { into: memory });
  const digest = await digestOf(bytes);
  const { epoch, step } = checkpoint.cursor;
  const name = `epoch-${epoch}-step-${step}-${digest}.safetensors`;
  await store.write(name, bytes);
  return { name, memory };
}
/** For header and history, which grows from checkpoint to checkpoint. */
const room = 2 ** 20;

/** Undefined where it is not there, is not what its name says, or is no checkpoint. What the store throws comes out. */
export async function readCheckpoint(
  store: CheckpointStore,
  { name, digest }: CheckpointName,
): Promise<Checkpoint | undefined> {
  const bytes = await store.read(name);
  if (bytes === undefined || (await digestOf(bytes)) !== digest) return undefined;
  try {
    const saved = fromBytes(bytes);
    return isCheckpoint(saved) ? saved : undefined;
  } catch (error) {
    if (isDendriteError(error, 'FORMAT')) return undefined;
    throw error;
  }
}

/**
 * 16 digits of the sha-256 of the sha-256 of each MiB, in hex. In pieces, because WebCrypto copies what it is given before it goes to
 * work beside us, and a copy of a large file would halt training.
 */
export async function digestOf(bytes: Uint8Array): Promise<string> {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += piece) parts.push(await sha256(bytes.subarray(at, at + piece)));
  return (await sha256(new TextEncoder().encode(parts.join('')))).slice(0, 16);
}
const piece = 2 ** 20;

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
