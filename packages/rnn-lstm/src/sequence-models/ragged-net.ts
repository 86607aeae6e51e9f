/** The network of sequence models: a recurrent body on padded sequences with their mask, and one dense layer on what it gives. */
import { cast, slice, sum } from '@dendrite/core';
import { dense, layerJson } from '@dendrite/nn';
import { DendriteError, type Layer, type Tensor, type Tree } from '@dendrite/spec';
import {
  type HiddenState,
  hiddenAtEnd,
  type LevelParams,
  type RecurrentLayer,
  runSequence,
} from '../layer/recurrent-layer.ts';

export interface RaggedParams {
  readonly [name: string]: Tree;
}

/**
 * `[B, T, C + 1]` → `[B, outputs]` from the last states, or `[B, T, outputs]` from every step. The last channel is 1 where a step is.
 * @param body       a recurrent layer of so many units and directions
 * @param everyStep  one output a step
 */
export function raggedNet(
  body: RecurrentLayer<HiddenState>,
  outputs: number,
  {
    units,
    directions,
    everyStep,
  }: { readonly units: number; readonly directions: number; readonly everyStep: boolean },
): Layer<RaggedParams, Readonly<Record<never, never>>> {
  const head = dense(outputs);
  const width = units * directions;
  const none: Readonly<Record<never, never>> = Object.freeze({});
  return Object.freeze({
    '~dendrite': 'layer' as const,
    name: 'rnn-lstm/ragged-net',
    config: { body: layerJson(body), outputs, everyStep },
    init(key: Parameters<Layer['init']>[0], input: readonly number[]) {
      const [batch = 0, steps = 0, channels = 0] = input;
      if (input.length !== 3 || channels < 2)
        throw new DendriteError(
          'SHAPE',
          `raggedNet(): x must be [batch, steps, channels and a mask], got [${input.join(', ')}].`,
        );
      const { params } = body.init(key.fork('body'), [batch, steps, channels - 1]);
      const made = head.init(key.fork('head'), [batch, width]);
      return {
        params: { body: params, head: made.params },
        state: none,
        output: everyStep ? [batch, steps, outputs] : [batch, outputs],
      };
    },
    apply(
      { params }: { readonly params: RaggedParams },
      x: Tensor,
      { training, key }: Parameters<Layer['apply']>[2],
    ): readonly [Tensor, Readonly<Record<never, never>>] {
      const { body: levels, head: last } = params as {
        readonly body: readonly LevelParams[];
        readonly head: { readonly weight: Tensor; readonly bias: Tensor };
      };
      const [batch = 0, steps = 0, channels = 0] = x.shape;
      const values = slice(x, { begin: [0, 0, 0], size: [batch, steps, channels - 1] });
      const mask = slice(x, { begin: [0, 0, channels - 1], size: [batch, steps, 1] });
      const lengths = cast(sum(mask, { axes: [1, 2] }), 'int32');
      const run = runSequence(body, levels, values, { lengths, training, key: key.fork('body') });
      const found = everyStep ? run.outputs : hiddenAtEnd(run.state, directions);
      return [head.apply({ params: last, state: none }, found, { training, key: key.fork('head') })[0], none];
    },
  });
}
