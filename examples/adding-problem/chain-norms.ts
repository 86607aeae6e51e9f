/** Gradients by step of untrained networks whose recurrent weights shrink, keep or stretch what passes through them. */
import { slice, square, sum } from '@dendrite/core';
import { orthogonal } from '@dendrite/nn';
import { hostKey, uniforms } from '@dendrite/random';
import { gradientNormsByStep, simpleRnn } from '@dendrite/rnn-lstm';
import type { Runtime, Tensor } from '@dendrite/spec';

export interface NamedNorms {
  readonly name: string;
  readonly norms: readonly number[];
}

export async function chainNorms(steps: number, runtime: Runtime): Promise<readonly NamedNorms[]> {
  const x = runtime.tensor(Float32Array.from(uniforms(hostKey(7), 8 * steps)), [8, steps, 1]);
  const found: NamedNorms[] = [];
  for (const [name, gain] of [
    ['vanishing', 0.8],
    ['steady', 1],
    ['exploding', 1.25],
  ] as const) {
    // Twice the gain: relu lets half of it through.
    const layer = simpleRnn(32, { recurrentInitializer: orthogonal({ gain: gain * Math.SQRT2 }), activation: 'relu' });
    const made = runtime.scope(() => layer.init(runtime.key(7), x.shape));
    const loss = (given: Tensor): Tensor => {
      const [y] = layer.apply(made, given, { training: false, key: runtime.key(0) });
      return sum(square(slice(y, { begin: [0, steps - 1], size: [-1, 1] })));
    };
    const { norms } = await gradientNormsByStep(loss, x);
    found.push({ name, norms });
    for (const { forward } of made.params) for (const tensor of Object.values(forward)) tensor.dispose();
  }
  x.dispose();
  const exploding = found.at(-1)?.norms ?? [];
  const whole = Math.hypot(...exploding);
  return [...found, { name: 'clipped', norms: exploding.map((norm) => norm / Math.max(1, whole)) }];
}
