// tfjs with gradients on one of its backends, for the facts.
import type * as Tfjs from '@tensorflow/tfjs-core';
import { loadTfjs, type TfjsBackendName } from '../peers/tfjs.ts';

/** @throws where it is not installed or does not open */
export async function tfjsOn(backend: TfjsBackendName): Promise<typeof Tfjs> {
  const loaded = await loadTfjs(backend);
  if ('missing' in loaded) throw new Error(`tfjs on ${backend}: ${loaded.missing}`);
  return loaded.tf;
}
