/** Models of a file: their layer and optimizer from the tables that `load` was given. */
import type { Build, Factory } from '@dendrite/model';
import { DendriteError, type Json, type Optimizer } from '@dendrite/spec';
import { buildLayer } from '../composition/layer-json.ts';
import { classifier } from './classifier.ts';
import type { NetLayer, NetOptions } from './net-options.ts';
import { regressor } from './regressor.ts';

type Fields = Readonly<Record<string, Json>>;

export const classifierFrom = (config: Json, build: Build): object => {
  const { layer, labelSmoothing } = fields(config);
  return classifier(layerOf(layer, build), {
    ...netOptionsFrom('nn/classifier', config, build),
    labelSmoothing: Number(labelSmoothing ?? 0),
  });
};
export const regressorFrom = (config: Json, build: Build): object =>
  regressor(layerOf(fields(config).layer, build), netOptionsFrom('nn/regressor', config, build));

const fields = (config: Json): Fields =>
  typeof config === 'object' && config !== null && !Array.isArray(config) ? (config as Fields) : {};
const layerOf = (json: Json | undefined, build: Build): NetLayer => buildLayer(json ?? null, build);

/** Options that every net has, from a file's config; `owner` is the model's name. @throws FORMAT */
export function netOptionsFrom(owner: string, config: Json, build: Build): NetOptions {
  const { optimizer, scaling, epochs, batchSize, loss } = fields(config);
  if (loss === 'custom')
    throw new DendriteError(
      'FORMAT',
      `load(): '${owner}' was trained with a loss of its own, which no file can hold. Build the model as it was trained and call its restore().`,
    );
  const { name, config: inner = null } = fields(optimizer ?? null);
  const made = build(String(name), inner);
  if (!('~dendrite' in made) || made['~dendrite'] !== 'optimizer')
    throw new DendriteError(
      'FORMAT',
      `load(): '${String(name)}' must be an optimizer, got something else. Its factory table is wrong.`,
    );
  return {
    optimizer: made as Optimizer,
    ...(typeof scaling === 'string' && { scaling: scaling as NonNullable<NetOptions['scaling']> }),
    ...(typeof epochs === 'number' && { epochs }),
    ...(typeof batchSize === 'number' && { batchSize }),
  };
}

/** The factory of a model over a net: options of its own by name, and those of every net, from a file's config. */
export const modelFactory =
  <O extends object>(name: string, own: readonly string[], make: (options: O) => object): Factory =>
  (config, build) => {
    const { optimizer, epochs, batchSize } = netOptionsFrom(name, config, build);
    const said = Object.entries(fields(config)).filter(([each]) => own.includes(each));
    // What is in a file is judged by the model itself, as options of users are.
    const options: object = { ...Object.fromEntries(said), optimizer, epochs, batchSize };
    return make(options as O);
  };
