// The layers of the monorepo, lowest first: an arrow (a dependency or an import) points to a lower row, never to the
// same row or a higher one. A new package is one new word in its row.

/** Package names without their scope, one row a layer: `layers[0]` depends on nothing. */
export const layers: readonly (readonly string[])[] = [
  ['spec'],
  ['safetensors', 'random', 'wasm-assembler', 'onnx'],
  ['core', 'model', 'backend-wasm', 'backend-webgpu', 'backend-tfjs', 'conformance'],
  ['optimizers', 'random-forest', 'datasets', 'metrics', 'report'],
  ['nn'],
  ['cnn', 'rnn-lstm', 'attention'],
  ['examples', 'benchmarks', 'tests', 'docs', 'create-plugin', 'dendrite'],
];

/** Packages that stay free of tensors: they must not reach `core`, not even through others. */
export const withoutTensors: readonly string[] = ['random-forest', 'datasets', 'metrics', 'report'];

/** The layer of a package, or undefined for one that the table lacks. */
export function layerOf(name: string): number | undefined {
  const at = layers.findIndex((row) => row.includes(name));
  return at < 0 ? undefined : at;
}
