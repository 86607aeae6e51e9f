/** This package's layers and models by name, for files. */
import type { Build, FactoryTable } from '@dendrite/model';
import { optimizersTable } from '@dendrite/optimizers';
import { DendriteError, type Json } from '@dendrite/spec';
import { activationFrom, activationsTable } from './activation/activations-table.ts';
import { type BatchNormOptions, batchNorm } from './batch-norm/batch-norm.ts';
import { buildLayer } from './composition/layer-json.ts';
import { parallel } from './composition/parallel.ts';
import { residual } from './composition/residual.ts';
import { sequential } from './composition/sequential.ts';
import { dense } from './dense/dense.ts';
import { dropout } from './dropout/dropout.ts';
import { type Embedding, type EmbeddingOptions, embedding } from './embedding/embedding.ts';
import { tied } from './embedding/tied.ts';
import { flatten } from './flatten/flatten.ts';
import { type GroupNormOptions, groupNorm } from './group-norm/group-norm.ts';
import { initializerFrom } from './initializer/initializers-table.ts';
import { type InstanceNormOptions, instanceNorm } from './instance-norm/instance-norm.ts';
import { type LayerNormOptions, layerNorm } from './layer-norm/layer-norm.ts';
import { classifierFrom, regressorFrom } from './net-model/from-config.ts';
import { type PreluOptions, prelu } from './prelu/prelu.ts';
import { type RmsNormOptions, rmsNorm } from './rms-norm/rms-norm.ts';

type Fields = Readonly<Record<string, Json>>;
const inner = (config: Json): readonly Json[] => (config as { readonly layers?: readonly Json[] }).layers ?? [];

/**
 * Pass it where a model is loaded: `load(bytes, { with: [nnLayers, cnnLayers] })`. A `network` holds a function of your own and is
 * rebuilt by `restore`.
 */
export const nnLayers: FactoryTable = Object.freeze({
  'nn/classifier': classifierFrom,
  'nn/regressor': regressorFrom,
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
  'nn/group-norm': (config: Json) => groupNorm(config as Fields & GroupNormOptions),
  'nn/instance-norm': (config: Json) => instanceNorm(config as Fields & InstanceNormOptions),
  'nn/rms-norm': (config: Json) => rmsNorm(config as Fields & RmsNormOptions),
  'nn/prelu': (config: Json) => prelu(config as Fields & PreluOptions),
  'nn/embedding': (config: Json) => {
    const { vocabulary, size, initializer, ...rest } = config as Fields;
    return embedding(Number(vocabulary), Number(size), {
      ...(rest as Fields & EmbeddingOptions),
      initializer: initializerFrom(initializer),
    });
  },
  'nn/tied': (config: Json, build: Build) => {
    const { embedding: words, inner: body, bias } = config as Fields;
    return tied(buildLayer(words ?? null, build) as Embedding, buildLayer(body ?? null, build), {
      bias: bias !== false,
    });
  },
  'nn/sequential': (config: Json, build: Build) => sequential(...inner(config).map((json) => buildLayer(json, build))),
  'nn/parallel': (config: Json, build: Build) =>
    parallel(
      inner(config).map((json) => buildLayer(json, build)),
      { join: (config as Fields).join === 'add' ? 'add' : 'concat' },
    ),
  'nn/residual': (config: Json, build: Build) => residual(buildLayer((config as Fields).inner ?? null, build)),
  'nn/network': () => {
    throw new DendriteError(
      'FORMAT',
      'load(): a network holds a function, which no file can hold. Build the model as it was trained and call its restore().',
    );
  },
  'function/flatten': () => flatten,
  ...Object.fromEntries(Object.entries(activationsTable).map(([name, f]) => [`function/${name}`, () => f])),
  ...optimizersTable,
});
