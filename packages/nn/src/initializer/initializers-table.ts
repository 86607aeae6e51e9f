/** Initializers by name, for layers rebuilt from a file. A file of its own, because a layer that is made by code needs but one of them. */
import { DendriteError, type Json } from '@dendrite/spec';
import {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  zeros,
} from './initializer.ts';

const initializersTable: Readonly<Record<string, (config: Json) => Initializer>> = Object.freeze({
  ...Object.fromEntries(
    [glorotUniform, glorotNormal, heUniform, heNormal, lecunUniform, lecunNormal, zeros, ones].map((made) => [
      made.name,
      (): Initializer => made,
    ]),
  ),
  constant: (config: Json) => constant(Number((config as { readonly value?: number } | null)?.value)),
  orthogonal: (config: Json) => orthogonal({ gain: Number((config as { readonly gain?: number } | null)?.gain ?? 1) }),
});

/** The initializer that a layer's config names. @throws FORMAT */
export function initializerFrom(json: Json | undefined): Initializer {
  const { name = '', config = null } = (typeof json === 'object' && json !== null ? json : {}) as {
    readonly name?: string;
    readonly config?: Json;
  };
  const make = Object.hasOwn(initializersTable, name) ? initializersTable[name] : undefined;
  if (make === undefined)
    throw new DendriteError(
      'FORMAT',
      `initializer: name must be one of ${Object.keys(initializersTable).join(', ')}, got ${JSON.stringify(json)}. The file is damaged, or newer than this package.`,
    );
  return make(config);
}
