/** A small saved model and a checkpoint of it, with every dtype and every optional field. */
import type { Checkpoint, SavedModel } from '@dendrite/spec';

export const savedModel: SavedModel = {
  header: {
    format: 'dendrite',
    version: 1,
    model: { name: 'nn/classifier', version: '0.1.0', api: 1 },
    config: { layers: [{ name: 'nn/dense', config: { units: 2, bias: true } }], rate: 1e-3 },
    task: 'classification',
    labels: ['cat', 'dog "x"', 3, true],
    preprocessing: { mean: [0.1307], names: null },
    seed: 2 ** 40,
    data: 'e3b0c442',
    packages: { '@dendrite/nn': '0.1.0' },
    probe: { tolerance: 1e-5 },
    extra: { input: [2] },
  },
  arrays: {
    'params.0.weights': { dtype: 'float32', shape: [2, 2], data: new Float32Array([1, -0, Number.NaN, 1e-40]) },
    'state.mean': { dtype: 'float64', shape: [1], data: new Float64Array([0.1]) },
    codes: { dtype: 'int32', shape: [2], data: new Int32Array([-1, 2 ** 31 - 1]) },
    mask: { dtype: 'bool', shape: [3], data: new Uint8Array([0, 1, 1]) },
    'probe.input': { dtype: 'uint8', shape: [1, 2], data: new Uint8Array([0, 255]) },
    'probe.output': { dtype: 'float32', shape: [1, 2], data: new Float32Array([0.25, 0.75]) },
  },
};

export const checkpoint: Checkpoint = {
  ...savedModel,
  cursor: { epoch: 1, batch: 7, step: 107 },
  callbacks: { 'early-stopping': { best: -0.5, waited: 2 } },
  run: { history: [], seconds: 1.5 },
};
