/** A vector for each code: words, characters, categories. */
import { cast, expandDims, fill, gather, layer, notEqual, scatterSet, stopGradient, where } from '@dendrite/core';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { type Initializer, initializerJson, lecunNormal } from '../initializer/initializer.ts';
import { checkOptions, checkValue, count, initializerRule } from '../option/check-options.ts';

export interface EmbeddingOptions {
  readonly paddingIndex?: number;
  readonly initializer?: Initializer;
}
export type Embedding = Layer<{ readonly weight: Tensor }, Readonly<Record<never, never>>>;

/**
 * `y[…] = weight[code[…]]`: whole numbers `[…]` → vectors `[…, size]`. To use the same weights for the outputs of a language
 * model, see `tied`.
 * @param vocabulary            how many codes there are: they go from 0 to vocabulary − 1
 * @param size                  length of each vector
 * @param options.paddingIndex  a code that stands for nothing: its vector starts at 0 and is never trained
 * @param options.initializer   of the weights `[vocabulary, size]`, default `lecunNormal` with fans of `size`: vectors of length about 1
 * @throws OPTION  for a value out of its range, and (on backends that see it) for a code that is none
 * @gradient dweight = the sum of the cotangents of each code, 0 for the padding
 * @source Bengio, Ducharme, Vincent and Jauvin (2003), A neural probabilistic language model
 * @example
 * import { tensor } from '@dendrite/core';
 * import { embedding } from '@dendrite/nn';
 * const words = embedding(1000, 16, { paddingIndex: 0 });
 * const codes = tensor([[5, 9, 0]], [1, 3], 'int32');
 * const made = words.init(codes.runtime.key(1), codes.shape);
 * words.apply(made, codes, { training: false, key: codes.runtime.key(1) })[0].shape; // [1, 3, 16]
 */
export function embedding(vocabulary: number, size: number, options: EmbeddingOptions = {}): Embedding {
  checkValue('embedding', 'vocabulary', vocabulary, count);
  checkValue('embedding', 'size', size, count);
  checkOptions('embedding', options, {
    paddingIndex: {
      must: `be a code from 0 to ${vocabulary - 1}`,
      holds: (v) => Number.isInteger(v) && Number(v) >= 0 && Number(v) < vocabulary,
    },
    initializer: initializerRule,
  });
  const { paddingIndex, initializer = lecunNormal } = options;
  return layer<{ readonly weight: Tensor }>({
    name: 'nn/embedding',
    config: {
      vocabulary,
      size,
      ...(paddingIndex !== undefined && { paddingIndex }),
      initializer: initializerJson(initializer),
    },
    init(key, input) {
      const { runtime } = key;
      const weight = runtime.scope(() => {
        const drawn = initializer.make(key.fork('weight'), [vocabulary, size], { in: size, out: size });
        if (paddingIndex === undefined) return drawn;
        return scatterSet(drawn, runtime.tensor(Int32Array.of(paddingIndex)), fill(runtime, { shape: [1, size] }, 0));
      });
      return { params: { weight }, output: [...input, size] };
    },
    apply({ weight }, x) {
      const codes = codesOf(x);
      const y = gather(weight, codes);
      if (paddingIndex === undefined) return y;
      return where(expandDims(notEqual(codes, paddingIndex), { axis: -1 }), y, stopGradient(y));
    },
  });
}

/** Codes as `gather` takes them: `fit` brings whole numbers as floats. @throws DTYPE  for bools */
function codesOf(x: Tensor): Tensor {
  if (x.dtype === 'int32') return x;
  if (x.dtype === 'bool')
    throw new DendriteError(
      'DTYPE',
      `embedding(): x must be codes (int32, or whole numbers in another dtype), got bool [${x.shape.join(', ')}]. Write cast(x, 'int32').`,
    );
  return cast(x, 'int32');
}
