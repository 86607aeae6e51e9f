/** How the entries of each PyTorch module become the arrays of our layer: one row a layer. */
import { DendriteError, type Json } from '@dendrite/spec';
import {
  added,
  partOf,
  permuted,
  placesFirst,
  type TorchEntries,
  times,
  transposed,
  type Values,
} from './torch-entries.ts';
import { tiedOutput } from './torch-parts.ts';

export type Fields = Readonly<Record<string, Json>>;
/** Arrays by their path inside the layer, `'forward.0.weight'`. */
type Made = Readonly<Record<string, Values>>;
export interface TorchPlace {
  readonly config: Fields;
  /** What the layer is, for messages: `layer '3' (nn/dense)`. */
  readonly said: string;
  /** Channels of the image that was flattened right before, as torch numbers them: first. */
  readonly flattened: number | undefined;
  /** An entry of the module, with so many axes. */
  take(name: string, axes: number): Values;
  has(name: string): boolean;
  /** What was made before of another layer, by its path from here: `'embedding.weight'`. */
  made(path: string): Values | undefined;
}
export interface TorchRule {
  params(place: TorchPlace): Made;
  state?(place: TorchPlace): Made;
}

const linear = (place: TorchPlace, module: string, path: string, bias = true): Made => ({
  [`${path}weight`]: transposed(place.take(`${module}weight`, 2)),
  ...(bias && { [`${path}bias`]: place.take(`${module}bias`, 1) }),
});
const norm = (place: TorchPlace, module: string, path: string, axes = 1): Made => ({
  [`${path}scale`]: place.take(`${module}weight`, axes),
  [`${path}offset`]: place.take(`${module}bias`, axes),
});
const biased = ({ config }: TorchPlace): boolean => config.bias !== false;

/** Filters `[out, in, taps…]` → `[taps…, in, out]`; transposed ones `[in, out, taps…]` likewise. */
const convolution = (taps: number): TorchRule => ({
  params: (place) => ({
    filters: permuted(place.take('weight', taps + 2), [...Array.from({ length: taps }, (_, i) => i + 2), 1, 0]),
    ...(biased(place) && { bias: place.take('bias', 1) }),
  }),
});

/** `weight_ih_l0_reverse [gates · H, C]` and its kin, level by level; torch adds two biases where one does. */
const recurrent = (twoBiases: boolean): TorchRule => ({
  params(place) {
    const made: Record<string, Values> = {};
    for (let level = 0; level < Number(place.config.layers); level++)
      for (const [direction, end] of [
        ['forward', ''],
        ['backward', '_reverse'],
      ] as const) {
        if (direction === 'backward' && place.config.bidirectional !== true) continue;
        const path = `${level}.${direction}.`;
        const entry = (kind: string, axes: number): Values => place.take(`${kind}_l${level}${end}`, axes);
        made[`${path}input`] = transposed(entry('weight_ih', 2));
        made[`${path}recurrent`] = transposed(entry('weight_hh', 2));
        if (!biased(place)) continue;
        const [input, hidden] = [entry('bias_ih', 1), entry('bias_hh', 1)];
        made[`${path}bias`] = twoBiases ? input : added(input, hidden);
        if (twoBiases) made[`${path}recurrentBias`] = hidden;
      }
    return made;
  },
});

/** Query, key and value stand in one matrix, or, where keys have another width, in three. */
function attention(place: TorchPlace, module: string, path: string, bias: boolean): Made {
  const parts = ['query', 'key', 'value'];
  const joint = place.has(`${module}in_proj_weight`) ? place.take(`${module}in_proj_weight`, 2) : undefined;
  const made = parts.map((name, i): Made => {
    const weight = joint ? partOf(joint, i, 3) : place.take(`${module}${name[0]}_proj_weight`, 2);
    return { [`${path}${name}.weight`]: transposed(weight) };
  });
  const biases = bias ? place.take(`${module}in_proj_bias`, 1) : undefined;
  const offsets = parts.map((name, i): Made => (biases ? { [`${path}${name}.bias`]: partOf(biases, i, 3) } : {}));
  return Object.assign({}, ...made, ...offsets, linear(place, `${module}out_proj.`, `${path}output.`, bias));
}

/** One filter a channel, then one number a channel: two modules, of which only the second has a bias here. */
const separable: TorchRule = {
  params(place) {
    const [first, second] = place.has('depthwise.weight') ? ['depthwise.', 'pointwise.'] : ['0.', '1.'];
    const mixing = place.take(`${second}weight`, 4);
    const made = {
      depthwise: permuted(place.take(`${first}weight`, 4), [2, 3, 1, 0]),
      pointwise: permuted(mixing, [2, 3, 1, 0]),
    };
    if (!biased(place)) return made;
    const bias = place.take(`${second}bias`, 1);
    // mixing · (x + b) = mixing · x + mixing · b
    return {
      ...made,
      bias: place.has(`${first}bias`) ? added(bias, times(mixing, place.take(`${first}bias`, 1))) : bias,
    };
  },
};

/** The embedding's own weights, which a state dict may hold again, and the bias of the logits. */
const tiedLogits: TorchRule = {
  params(place) {
    const shared = place.made('embedding.weight');
    if (place.has('weight')) {
      const { data } = place.take('weight', 2);
      if (shared?.data.length !== data.length || !Array.from(data).every((value, i) => value === shared.data[i]))
        throw new DendriteError(
          'FORMAT',
          `fromTorch(): the weights of ${place.said} must be those of its embedding, got others. The torch model does not tie them: use an embedding and a dense.`,
        );
    }
    return biased(place) ? { bias: place.take('bias', 1) } : {};
  },
};

const features = (values: Values, { flattened }: TorchPlace): Values =>
  flattened === undefined ? values : placesFirst(values, 0, flattened);

export const torchRules: Readonly<Record<string, TorchRule>> = {
  'nn/dense': {
    params: (place) => {
      const { weight, ...rest } = linear(place, '', '', biased(place));
      return { ...rest, ...(weight && { weight: features(weight, place) }) };
    },
  },
  'nn/embedding': { params: (place) => ({ weight: place.take('weight', 2) }) },
  'nn/batch-norm': {
    params: (place) => ({
      scale: features(place.take('weight', 1), place),
      offset: features(place.take('bias', 1), place),
    }),
    state: (place) => ({
      mean: features(place.take('running_mean', 1), place),
      variance: features(place.take('running_var', 1), place),
    }),
  },
  'nn/layer-norm': { params: (place) => norm(place, '', '') },
  'nn/group-norm': { params: (place) => norm(place, '', '') },
  'nn/instance-norm': { params: (place) => norm(place, '', '') },
  'nn/rms-norm': { params: (place) => ({ scale: place.take('weight', 1) }) },
  'nn/prelu': { params: (place) => ({ slope: place.take('weight', 1) }) },
  [tiedOutput]: tiedLogits,
  'cnn/conv1d': convolution(1),
  'cnn/conv2d': convolution(2),
  'cnn/conv3d': convolution(3),
  'cnn/depthwise-conv2d': convolution(2),
  'cnn/separable-conv2d': separable,
  'cnn/conv-transpose1d': convolution(1),
  'cnn/conv-transpose2d': convolution(2),
  'rnn-lstm/simple-rnn': recurrent(false),
  'rnn-lstm/lstm': recurrent(false),
  'rnn-lstm/gru': recurrent(true),
  'attention/learned-positions': { params: (place) => ({ table: place.take('weight', 2) }) },
  'attention/multi-head-attention': { params: (place) => attention(place, '', '', biased(place)) },
  'attention/encoder-layer': {
    params: (place) => ({
      ...attention(place, 'self_attn.', 'attention.', true),
      ...norm(place, 'norm1.', 'attentionNorm.'),
      ...linear(place, 'linear1.', 'forward.0.'),
      ...linear(place, 'linear2.', 'forward.1.'),
      ...norm(place, 'norm2.', 'forwardNorm.'),
    }),
  },
  'attention/decoder-layer': {
    params: (place) => ({
      ...attention(place, 'self_attn.', 'attention.', true),
      ...norm(place, 'norm1.', 'attentionNorm.'),
      ...attention(place, 'multihead_attn.', 'cross.', true),
      ...norm(place, 'norm2.', 'crossNorm.'),
      ...linear(place, 'linear1.', 'forward.0.'),
      ...linear(place, 'linear2.', 'forward.1.'),
      ...norm(place, 'norm3.', 'forwardNorm.'),
    }),
  },
};

/** A module of a state dict as a rule sees it. */
export function placeOf(
  entries: TorchEntries,
  module: string,
  about: Pick<TorchPlace, 'config' | 'said' | 'flattened' | 'made'>,
): TorchPlace {
  const full = (name: string): string => (module === '' ? name : `${module}.${name}`);
  return {
    ...about,
    take: (name, axes) => entries.take(full(name), axes, about.said),
    has: (name) => entries.has(full(name)),
  };
}
