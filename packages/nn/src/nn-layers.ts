/** This package's layers by name, for models that are loaded from a file. */
import { DendriteError, type Json, type LayerLike } from '@dendrite/spec';
import { activationFrom, activationsTable } from './activation/activations-table.ts';
import { type BatchNormOptions, batchNorm } from './batch-norm/batch-norm.ts';
import type { LayerTable } from './composition/layer-json.ts';
import { parallel } from './composition/parallel.ts';
import { residual } from './composition/residual.ts';
import { sequential } from './composition/sequential.ts';
import { dense } from './dense/dense.ts';
import { dropout } from './dropout/dropout.ts';
import { flatten } from './flatten/flatten.ts';
import { initializerFrom } from './initializer/initializer.ts';
import { type LayerNormOptions, layerNorm } from './layer-norm/layer-norm.ts';

type Fields = Readonly<Record<string, Json>>;
const inner = (config: Json): readonly Json[] => (config as { readonly layers?: readonly Json[] }).layers ?? [];

/** Pass it where a model is loaded: `load(bytes, { with: [nnLayers, cnnLayers] })`. A `network` holds a function of your own and is rebuilt by `restore`. */
export const nnLayers: LayerTable = Object.freeze({
  'nn/dense': (config: Json) => {
    const { units, bias, initializer, activation } = config as Fields;
    const called = activationFrom(activation);
    return dense(Number(units), {
      bias: bias !== false,
      initializer: initializerFrom(initializer),
      ...(called && { activation: called }),
    });
  },
  'nn/dropout': (config: Json) => dropout(Number((config as Fields).rate)),
  'nn/batch-norm': (config: Json) => batchNorm(config as Fields & BatchNormOptions),
  'nn/layer-norm': (config: Json) => layerNorm(config as Fields & LayerNormOptions),
  'nn/sequential': (config: Json, rebuild: (json: Json) => LayerLike) => sequential(...inner(config).map(rebuild)),
  'nn/parallel': (config: Json, rebuild: (json: Json) => LayerLike) =>
    parallel(inner(config).map(rebuild), { join: (config as Fields).join === 'add' ? 'add' : 'concat' }),
  'nn/residual': (config: Json, rebuild: (json: Json) => LayerLike) =>
    residual(rebuild((config as Fields).inner ?? null)),
  'nn/network': () => {
    throw new DendriteError(
      'FORMAT',
      'load(): a network holds a function, which no file can hold. Build the model as it was trained and call its restore().',
    );
  },
  'function/flatten': () => flatten,
  ...Object.fromEntries(Object.entries(activationsTable).map(([name, f]) => [`function/${name}`, () => f])),
});
