/** @dendrite/safetensors: one file of named arrays and texts, and a saved model in it. */
export { readSafetensors, type SafetensorsFile } from './file/read-safetensors.ts';
export { writeSafetensors } from './file/write-safetensors.ts';
export { fromBytes } from './saved-model/from-bytes.ts';
export { isCheckpoint } from './saved-model/is-checkpoint.ts';
export { modelFromBytes } from './saved-model/model-from-bytes.ts';
export { toBytes } from './saved-model/to-bytes.ts';
