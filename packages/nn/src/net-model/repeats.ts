/** Whether a network does the same at every step, so that its code need not run at each. */
import type { Json } from '@dendrite/spec';

/**
 * false where a `network()` is in it: its function may go another way when it likes. All other compositions fix their control
 * flow when they are made; the functions and layers in them are pure.
 */
export function repeats(name: string, config: Json): boolean {
  return name !== 'nn/network' && !holdsNetwork(config);
}

function holdsNetwork(json: Json): boolean {
  if (typeof json !== 'object' || json === null) return json === 'nn/network';
  return Object.values(json).some((each) => holdsNetwork(each as Json));
}
