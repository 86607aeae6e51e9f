/** A saved model: the contents of one safetensors file. `@dendrite/safetensors` reads and writes the bytes. */

import type { Label } from './data.ts';
import type { Meta } from './device.ts';
import type { DType, HostArray, Json, Shape } from './tensor.ts';

export interface SavedArray {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: HostArray;
}
/** One input and the output it gave when the model was saved; re-checked when it is loaded. Their arrays are `probe.input` and `probe.output`. */
export interface Probe {
  readonly tolerance: number;
}
export interface SavedHeader {
  readonly format: 'dendrite';
  readonly version: 1;
  readonly model: Meta;
  readonly config: Json;
  readonly task: 'classification' | 'regression';
  readonly labels?: readonly Label[];
  /** Names, kinds and scaling of the inputs: what must be done to raw data before the model sees it. */
  readonly preprocessing: Json;
  readonly seed: number;
  /** The training data's fingerprint. */
  readonly data: string;
  readonly packages: Readonly<Record<string, string>>;
  /** With what it was trained besides: fit options, validation, callbacks, backend. `replay()` trains again from it. */
  readonly training?: Json;
  readonly probe?: Probe;
  /** What the model itself needs to be rebuilt (input shape, …). */
  readonly extra: Json;
}
export interface SavedModel {
  readonly header: SavedHeader;
  readonly arrays: Readonly<Record<string, SavedArray>>;
}
/**
 * A run that can go on: model arrays, optimizer arrays, and where it was. Arrays named `remembered.*` are those of the model that
 * a callback remembered.
 */
export interface Checkpoint extends SavedModel {
  readonly cursor: { readonly epoch: number; readonly batch: number; readonly step: number };
  /** What each callback knows, by its name. */
  readonly callbacks: Readonly<Record<string, Json>>;
  /** What the run was started with and what it has told so far; `@dendrite/model` writes and reads it. */
  readonly run: Json;
}
