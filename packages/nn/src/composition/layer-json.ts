/** Layers as the config of a composition holds them: a factory's name with its config, or a function's name. */
import { DendriteError, type Json, type LayerLike, type Tree } from '@dendrite/spec';

type AnyLayer = LayerLike<never, Tree>;
/** Rebuilds a layer from its config; `rebuild` does the same for the layers inside it. */
export type LayerFactory = (config: Json, rebuild: (json: Json) => LayerLike) => LayerLike;
export type LayerTable = Readonly<Record<string, LayerFactory>>;

/** `{ name, config }` of a layer, `{ function }` of a plain function. */
export function layerJson(layer: AnyLayer): Json {
  return typeof layer === 'function' ? { function: layer.name } : { name: layer.name, config: layer.config };
}

/**
 * Rebuilds what `layerJson` wrote, with the factories and functions of these tables (`nnLayers`, `cnnLayers`, your own).
 * @throws FORMAT  for a name that no table has
 */
export function layerFromJson(json: Json, tables: readonly LayerTable[]): LayerLike {
  const {
    name,
    function: called,
    config = null,
  } = (typeof json === 'object' && json !== null ? json : {}) as {
    readonly name?: Json;
    readonly function?: Json;
    readonly config?: Json;
  };
  const wanted = typeof name === 'string' ? name : `function/${String(called)}`;
  const table = tables.find((each) => Object.hasOwn(each, wanted));
  const factory = table?.[wanted];
  if (factory === undefined)
    throw new DendriteError(
      'FORMAT',
      `load(): every layer must be in a table that was passed, got '${typeof name === 'string' ? name : String(called)}'. Pass the table of its package ({ with: [nnLayers, cnnLayers] }), or use restore() of a model built as it was.`,
    );
  return factory(config, (inner) => layerFromJson(inner, tables));
}
