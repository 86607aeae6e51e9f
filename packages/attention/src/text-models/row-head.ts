/** The head of networks that give each row's loss and share of right tokens themselves, `[B, 2]`: see `rowScores`. */
import { reshape, slice, sum } from '@dendrite/core';
import type { NetCapabilities, TaskHead } from '@dendrite/nn';
import type { Tensor } from '@dendrite/spec';

const column = (outputs: Tensor, at: number): Tensor =>
  reshape(slice(outputs, { begin: [0, at], size: [outputs.shape[0] ?? 0, 1] }), [outputs.shape[0] ?? 0]);

export const rowHead: TaskHead = {
  task: 'regression',
  json: null,
  lossScale: 1,
  targets: (runtime, y) => runtime.tensor(Float32Array.from(y)),
  losses: (outputs) => column(outputs, 0),
  correct: (outputs) => sum(column(outputs, 1)),
  answer: (outputs) => column(outputs, 0),
  read: (values) => ({ values }),
};

/** To the contract such a model gives numbers; what it gives to people are texts. */
export const textCapabilities: NetCapabilities = {
  task: 'regression',
  data: 'batches',
  probabilities: false,
  importance: false,
  outOfBag: false,
  parameters: true,
  resume: 'step',
};
