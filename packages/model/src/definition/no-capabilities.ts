/** The plainest capabilities, to be spread under the ones that a model has. */
import type { Capabilities } from '@dendrite/spec';

/** `{ ...noCapabilities, task: 'regression', data: 'columns' } as const` */
export const noCapabilities: {
  readonly probabilities: false;
  readonly importance: false;
  readonly outOfBag: false;
  readonly parameters: false;
  readonly resume: 'none';
} = {
  probabilities: false,
  importance: false,
  outOfBag: false,
  parameters: false,
  resume: 'none',
} satisfies Omit<Capabilities, 'task' | 'data'>;
