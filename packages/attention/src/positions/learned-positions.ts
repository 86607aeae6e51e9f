/** Learned positions: one vector a place, added to the tokens. */
import { add, layer, normal, slice } from '@dendrite/core';
import { checkOptions, count } from '@dendrite/nn/options';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { checkSequence } from '../layer/attention-input.ts';
import { version } from '../version.ts';

export type LearnedPositions = Layer<{ readonly table: Tensor }, Readonly<Record<never, never>>>;

/**
 * `x + table[0 … T − 1]`.
 * @param options.length  the longest sequence there will be
 * @returns  a layer of `[B, T, C]`; its table starts at normal numbers of deviation 0.02
 * @throws OPTION; SHAPE for a longer sequence
 * @source Gehring et al. (2017); Devlin et al. (2019)
 * @example
 * import { learnedPositions } from '@dendrite/attention';
 * const positions = learnedPositions({ length: 512 });
 */
export function learnedPositions(options: { readonly length: number }): LearnedPositions {
  const owner = 'learnedPositions';
  checkOptions(owner, options, { length: count });
  const { length } = options;
  checkOptions(owner, { length }, { length: count });
  return layer<{ readonly table: Tensor }>({
    name: 'attention/learned-positions',
    config: { length },
    packages: { '@dendrite/attention': version },
    init(key, input) {
      checkSequence(owner, 'x', input);
      return {
        params: { table: normal(key.fork('table'), [length, input[2] ?? 0], { deviation: 0.02 }) },
        output: input,
      };
    },
    apply({ table }, x) {
      checkSequence(owner, 'x', x.shape);
      const [, tokens = 0, width = 0] = x.shape;
      if (tokens > length)
        throw new DendriteError(
          'SHAPE',
          `${owner}(): a sequence must have at most ${length} tokens, got ${tokens}. Cut it, or make the table longer.`,
        );
      return add(x, slice(table, { begin: [0, 0], size: [tokens, width] }));
    },
  });
}
