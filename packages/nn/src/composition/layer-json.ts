/** Layers as the config of a composition holds them: a factory's name with its config, or a function's name. */
import type { Build, FactoryTable } from '@dendrite/model';
import { builder } from '@dendrite/model';
import { DendriteError, type Json, type LayerLike, type Tree } from '@dendrite/spec';

/** `{ name, config }` of a layer, `{ function }` of a plain function. */
export function layerJson(layer: LayerLike<never, Tree>): Json {
  return typeof layer === 'function' ? { function: layer.name } : { name: layer.name, config: layer.config };
}

/** The name in a factory table, and the config, of what `layerJson` wrote. */
function namedIn(json: Json): readonly [name: string, config: Json] {
  const fields = (typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {}) as Readonly<
    Record<string, Json>
  >;
  if (typeof fields.name === 'string') return [fields.name, fields.config ?? null];
  if (typeof fields.function === 'string') return [`function/${fields.function}`, null];
  throw new DendriteError(
    'FORMAT',
    `load(): a layer must be { name, config } or { function }, got ${JSON.stringify(json)}. The file is damaged.`,
  );
}

/** Rebuilds a layer inside a factory. @throws FORMAT  for a name that no table has */
export function buildLayer(json: Json, build: Build): LayerLike {
  const [name, config] = namedIn(json);
  const made = build(name, config);
  if (typeof made === 'function' || ('~dendrite' in made && made['~dendrite'] === 'layer')) return made as LayerLike;
  throw new DendriteError(
    'FORMAT',
    `load(): '${name}' must be a layer, got something else. Its factory table is wrong.`,
  );
}

/**
 * Rebuilds what `layerJson` wrote, with the factories and functions of these tables (`nnLayers`, `cnnLayers`, your own).
 * @throws FORMAT  for a name that no table has
 */
export const layerFromJson = (json: Json, tables: readonly FactoryTable[]): LayerLike =>
  buildLayer(json, builder(tables));
