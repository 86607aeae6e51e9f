/** The step that Adam and AdamW share; they differ in how weight decay enters. */
import type { ExpressionOp, Tree } from '@dendrite/spec';
import { add, constant, div, max, mul, penalised, runningMean, sqrt, sub } from '../formula/formula.ts';
import { updateOp } from '../update/update-op.ts';

/** `largest` only with amsGrad. */
export type AdamState = { readonly m: Tree; readonly v: Tree; readonly largest?: Tree };

/** Slots: m, v, then largest (amsGrad). Step scalars: stepSize, rootCorrection, then shrink (decoupled decay). */
export const adamUpdate: ExpressionOp = /*#__PURE__*/ updateOp({
  name: 'optimizers/adam',
  slots: ({ amsGrad }) => (amsGrad === true ? 3 : 2),
  successors({ parameter, gradient, slots, scalars }, attributes) {
    const [m = constant(0), v = constant(0), largest] = slots;
    const [stepSize = constant(0), rootCorrection = constant(1), shrink = constant(1)] = scalars;
    const step = penalised(gradient, parameter, Number(attributes.weightDecay));
    const nextM = runningMean(m, step, Number(attributes.beta1));
    const nextV = runningMean(v, mul(step, step), Number(attributes.beta2));
    const nextLargest = largest && max(largest, nextV);
    const spread = add(div(sqrt(nextLargest ?? nextV), rootCorrection), constant(Number(attributes.epsilon)));
    const kept = attributes.decoupled === true ? mul(parameter, shrink) : parameter;
    return [sub(kept, mul(stepSize, div(nextM, spread))), nextM, nextV, ...(nextLargest ? [nextLargest] : [])];
  },
});

export const adamSlots = (amsGrad: boolean): readonly { readonly name: string; readonly initial: number }[] =>
  ['m', 'v', ...(amsGrad ? ['largest'] : [])].map((name) => ({ name, initial: 0 }));
