/** A fitted model from the bytes of a file, built by the factories that the caller hands in: nothing in a file is executed. */
import { fromBytes } from '@dendrite/safetensors';
import {
  DendriteError,
  type Fitted,
  isDendriteError,
  type Json,
  type Model,
  type RestoreOptions,
} from '@dendrite/spec';

/** Makes what a name in a file stands for: a model, or a part of one (a layer, an optimizer), from its config. */
export type Factory = (config: Json, build: Build) => object;
/** Makes a part by its name, from the same tables. Throws FORMAT where no table has it. */
export type Build = (name: string, config: Json) => object;
/** `{ 'nn/dense': …, 'nn/classifier': … }`: what a package exports for loading. */
export type FactoryTable = Readonly<Record<string, Factory>>;

/**
 * Reads a file, rebuilds its model and asks it its probe.
 * @param options.with  tables of the packages that the model is made of
 * @param options.runtime  where it shall compute; models without tensors ignore it
 * @param options.maxBytes the most bytes that the model may need beside a few times its file, default 2^30: a small file can
 *   describe a network of any size
 * @throws FORMAT  for a damaged file, a name that no table has, or a probe that is answered otherwise than when it was saved
 * @example  `await load(bytes, { with: [nnFactories, cnnFactories] })`
 */
export async function load(
  bytes: Uint8Array,
  { with: tables, ...options }: RestoreOptions & { readonly with: readonly FactoryTable[] },
): Promise<Fitted> {
  const saved = fromBytes(bytes);
  const { name } = saved.header.model;
  const model = builder(tables)(name, saved.header.config);
  if (!isModel(model))
    throw new DendriteError(
      'FORMAT',
      `load(): '${name}' must be a model, got something else. Its factory table is wrong.`,
    );
  return model.restore(saved, options);
}

/** Looks names up in the tables, the first that has one wins. */
export function builder(tables: readonly FactoryTable[]): Build {
  const build: Build = (name, config) => {
    // Own properties only: a file may say 'constructor'.
    const factory = tables.find((table) => Object.hasOwn(table, name))?.[name];
    if (factory === undefined) {
      const known = tables.flatMap((table) => Object.keys(table)).sort();
      throw new DendriteError(
        'FORMAT',
        `load(): every part of the file must be in a table given as \`with\`, got '${name}', which none has (${known.slice(0, 20).join(', ') || 'the tables are empty'}${known.length > 20 ? ', …' : ''}). Add the table of the package it comes from.`,
      );
    }
    try {
      return factory(config, build);
    } catch (cause) {
      if (isDendriteError(cause)) throw cause;
      // Factories take their config as they wrote it; a file's may have any form.
      throw new DendriteError(
        'FORMAT',
        `load(): the config of '${name}' must be as it was saved, got ${shown(config)}. The file is damaged, or newer than the package.`,
        { cause },
      );
    }
  };
  return build;
}

function isModel(value: object): value is Model {
  return '~dendrite' in value && value['~dendrite'] === 'model';
}

function shown(config: Json): string {
  const text = JSON.stringify(config);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
