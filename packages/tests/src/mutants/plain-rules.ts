/** Update rules in plain numbers, one element at a time: what the optimizer kit compares values with. */
import type { PlainRule } from '@dendrite/conformance';

/** The next value of an element; its memory is in the closure. Steps count from 1. */
type ElementRule = (p: number, g: number, step: number) => number;

export const perElement =
  (make: () => ElementRule): PlainRule =>
  (initial, gradients) => {
    const elements = initial.map(make);
    let p = [...initial];
    return gradients.map((g, i) => {
      p = p.map((value, at) => elements[at]?.(value, g[at] ?? 0, i + 1) ?? Number.NaN);
      return p;
    });
  };

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

export const sgdRule = (rate: (step: number) => number): PlainRule =>
  perElement(() => (p, g, step) => p - rate(step) * g);

export const momentumRule: PlainRule = perElement(() => {
  let v = 0;
  return (p, g) => {
    v = 0.9 * v + g;
    return p - 0.02 * v;
  };
});

export const adamRule: PlainRule = perElement(() => {
  let [m, v] = [0, 0];
  return (p, g, t) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    return p - (0.05 * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
  };
});

export const adaMaxRule: PlainRule = perElement(() => {
  let [m, u] = [0, 0];
  return (p, g, t) => {
    m = beta1 * m + (1 - beta1) * g;
    u = Math.max(beta2 * u, Math.abs(g) + epsilon);
    return p - ((0.05 / (1 - beta1 ** t)) * m) / u;
  };
});

export const nadamRule: PlainRule = perElement(() => {
  let [m, v, product] = [0, 0, 1];
  const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * 0.004));
  return (p, g, t) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    product *= momentum(t);
    const next = momentum(t + 1);
    const direction = ((1 - momentum(t)) / (1 - product)) * g + (next / (1 - product * next)) * m;
    return p - (0.05 * direction) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
  };
});

export const radamRule: PlainRule = perElement(() => {
  let [m, v] = [0, 0];
  const memory = 0.9;
  const most = 2 / (1 - memory) - 1;
  return (p, g, t) => {
    m = beta1 * m + (1 - beta1) * g;
    v = memory * v + (1 - memory) * g * g;
    const mean = m / (1 - beta1 ** t);
    const seen = most - (2 * t * memory ** t) / (1 - memory ** t);
    if (seen <= 5) return p - 0.05 * mean;
    const trust = Math.sqrt(((seen - 4) * (seen - 2) * most) / ((most - 4) * (most - 2) * seen));
    return p - (0.05 * trust * mean * Math.sqrt(1 - memory ** t)) / (Math.sqrt(v) + epsilon);
  };
});

export const adaDeltaRule: PlainRule = perElement(() => {
  let [s, u] = [0, 0];
  return (p, g) => {
    s = 0.9 * s + 0.1 * g * g;
    const step = (Math.sqrt(u + 1e-3) / Math.sqrt(s + 1e-3)) * g;
    u = 0.9 * u + 0.1 * step * step;
    return p - step;
  };
});

export const rpropRule: PlainRule = perElement(() => {
  let [previous, step] = [0, 0.01];
  return (p, g) => {
    const agreement = g * previous;
    step = Math.min(50, Math.max(1e-6, step * (agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1)));
    previous = agreement < 0 ? 0 : g;
    return p - step * Math.sign(previous);
  };
});

export const lionRule: PlainRule = perElement(() => {
  let m = 0;
  return (p, g) => {
    const next = p * (1 - 0.02 * 0.1) - 0.02 * Math.sign(0.9 * m + 0.1 * g);
    m = 0.99 * m + 0.01 * g;
    return next;
  };
});

/** A step for two gradients, with their mean. */
export const accumulatedRule: PlainRule = perElement(() => {
  let gathered = 0;
  return (p, g, t) => {
    gathered = (t % 2 === 1 ? 0 : gathered) + g / 2;
    return t % 2 === 0 ? p - 0.1 * gathered : p;
  };
});
