/** Short names for the nodes of an update formula. Data only: nothing here computes. */
import type { Expression } from '@dendrite/spec';

export const add = (x: Expression, y: Expression): Expression => ({ binary: 'add', x, y });
export const sub = (x: Expression, y: Expression): Expression => ({ binary: 'sub', x, y });
export const mul = (x: Expression, y: Expression): Expression => ({ binary: 'mul', x, y });
export const div = (x: Expression, y: Expression): Expression => ({ binary: 'div', x, y });
export const max = (x: Expression, y: Expression): Expression => ({ binary: 'max', x, y });
export const min = (x: Expression, y: Expression): Expression => ({ binary: 'min', x, y });
export const less = (x: Expression, y: Expression): Expression => ({ binary: 'lt', x, y });
export const sqrt = (x: Expression): Expression => ({ unary: 'sqrt', x });
export const abs = (x: Expression): Expression => ({ unary: 'abs', x });
export const sign = (x: Expression): Expression => ({ unary: 'sign', x });
export const where = (condition: Expression, x: Expression, y: Expression): Expression => ({ where: condition, x, y });
export const constant = (value: number): Expression => ({ constant: value });

/** `decay·mean + (1 − decay)·x`: the running mean of Adam and RMSProp. */
export const runningMean = (mean: Expression, x: Expression, decay: number): Expression =>
  add(mul(constant(decay), mean), mul(constant(1 - decay), x));

/** `gradient + weightDecay·parameter`: the L2 penalty's gradient added; the gradient itself where there is no penalty. */
export const penalised = (gradient: Expression, parameter: Expression, weightDecay: number): Expression =>
  weightDecay === 0 ? gradient : add(gradient, mul(constant(weightDecay), parameter));
