/** Layers that are made of layers: where those stand among the arrays, and in which order their modules are named. One row a layer. */
import { DendriteError, type Json } from '@dendrite/spec';
import type { Fields } from './torch-rules.ts';

export interface TorchParts {
  /** Name among the arrays of the whole, and the layer as a config holds it. */
  readonly parts: readonly (readonly [name: string, layer: Json])[];
  /** All see what comes in, instead of what the one before gives. */
  readonly side: boolean;
}

/** What `tied` has besides its parts: the bias of the logits, and in a state dict the shared weights a second time. */
export const tiedOutput = 'nn/tied-output';

const inOrder = (parts: TorchParts['parts']): TorchParts => ({ parts, side: false });
const sideBySide = (parts: TorchParts['parts']): TorchParts => ({ parts, side: true });
const layersOf = ({ layers }: Fields): TorchParts['parts'] => Object.entries(layers as Fields | readonly Json[]);
const dense = (bias: boolean): Json => ({ name: 'nn/dense', config: { bias } });

export const torchParts: Readonly<Record<string, (config: Fields) => TorchParts>> = {
  'nn/sequential': (config) => inOrder(layersOf(config)),
  'nn/residual': ({ inner = null }) => inOrder([['inner', inner]]),
  'nn/parallel': (config) => sideBySide(layersOf(config)),
  'nn/network': (config) => sideBySide(layersOf(config)),
  'nn/tied': ({ embedding = null, inner = null, bias = true }) =>
    inOrder([
      ['embedding', embedding],
      ['inner', inner],
      ['', { name: tiedOutput, config: { bias } }],
    ]),
  'attention/attention-pooling': () =>
    inOrder([
      ['project', dense(true)],
      ['question', dense(false)],
    ]),
  'attention/hierarchical-attention': ({ levels }) =>
    inOrder(
      (levels as readonly Fields[]).flatMap(({ heads, encoder }, i) => {
        if (heads !== undefined)
          throw new DendriteError(
            'OPTION',
            `fromTorch(): a level of hierarchicalAttention must read as in PyTorch, got heads: ${String(heads)}, whose positions are rotary there. Give it encoder: transformerEncoderLayer({ heads: ${String(heads)}, … }).`,
          );
        const pool = [`pool${i}`, { name: 'attention/attention-pooling', config: {} }] as const;
        return encoder === undefined ? [pool] : [[`read${i}.encoder`, encoder] as const, pool];
      }),
    ),
};
