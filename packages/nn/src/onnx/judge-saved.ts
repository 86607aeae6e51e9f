/** A saved model judged as `restore` judges it, before an exporter believes anything that it says. */
import { createRuntime, nullBackend } from '@dendrite/core';
import { builder, type FactoryTable } from '@dendrite/model';
import { sgd } from '@dendrite/optimizers';
import type { Json, LayerLike, Model, RestoreOptions, SavedModel, Tree } from '@dendrite/spec';
import { layerJson } from '../composition/layer-json.ts';
import { classifier } from '../net-model/classifier.ts';
import type { NetLayer } from '../net-model/net-options.ts';
import { regressor } from '../net-model/regressor.ts';
import { nnLayers } from '../nn-layers.ts';

export interface JudgeOptions extends Pick<RestoreOptions, 'maxBytes'> {
  /** Tables of the packages that the model is made of; that of this package is there. */
  readonly tables: readonly FactoryTable[];
  /** In place of what the file says, for a classifier or regressor. */
  readonly layer?: LayerLike<never, Tree>;
}

/**
 * Rebuilds and restores the model on a device that keeps no values; all is compared but the answer to the probe, which needs them. How
 * it was trained does not matter: no table need have its optimizer, nor a file hold its loss.
 * @throws FORMAT  for what `load` refuses: a config, layer, preprocessing or array that does not fit the others, or more than `maxBytes`
 * @example
 * import { dense, regressor } from '@dendrite/nn';
 * import { judgeSaved } from '@dendrite/nn/onnx';
 * const line = await regressor(dense(1), { epochs: 2 }).fit({ x: [[1], [2], [3], [4]], y: [2, 4, 6, 8] });
 * await judgeSaved(await line.save(), { tables: [] }); // or throws
 */
export async function judgeSaved(saved: SavedModel, { tables, layer, maxBytes }: JudgeOptions): Promise<void> {
  const { header } = saved;
  const { optimizer: _, loss: __, ...config } = fieldsOf(header.config);
  const { name: optimizer, config: settings } = sgd();
  const wanted = {
    ...config,
    ...(layer && { layer: layerJson(layer) }),
    optimizer: { name: optimizer, config: settings },
  };
  const { 'probe.output': ___, ...arrays } = saved.arrays;
  const model = layer
    ? modelOf(header.model.name, layer as NetLayer)
    : (builder([nnLayers, ...tables])(header.model.name, wanted) as Model);
  const runtime = await createRuntime({ backends: [nullBackend()], fallback: false });
  try {
    const restored = await model.restore(
      { header: { ...header, config: wanted }, arrays },
      { runtime, ...(maxBytes !== undefined && { maxBytes }) },
    );
    restored.dispose();
  } finally {
    await runtime.dispose();
  }
}

const modelOf = (name: string, layer: NetLayer): Pick<Model, 'restore'> =>
  name === 'nn/classifier' ? classifier(layer) : regressor(layer);
const fieldsOf = (config: Json): Readonly<Record<string, Json>> =>
  typeof config === 'object' && config !== null && !Array.isArray(config)
    ? (config as Readonly<Record<string, Json>>)
    : {};
