/** Triggers: whether something is due at an event, from data such as `200` or `{ epochs: 1, seconds: 60 }`. */
import { DendriteError, type ProgressEvent, type Trigger } from '@dendrite/spec';

/** Asked once an event, in order. */
export type Due = (event: ProgressEvent) => boolean;

const units = { steps: 'batch', epochs: 'epoch', trees: 'tree' } as const;

/**
 * Due where a named unit's count is a multiple of its number, or so many seconds have passed since it last was.
 * @throws OPTION  for a unit that there is not, a count that is not a whole number of at least 1, seconds not above 0
 */
export function dueAt(trigger: Trigger, where: string): Due {
  const wrong = (rule: string, got: unknown): DendriteError =>
    new DendriteError('OPTION', `${where} must ${rule}, got ${String(got)}. Write 200, or { epochs: 1 }.`);
  const given: unknown = trigger;
  if (typeof given !== 'number' && (typeof given !== 'object' || given === null))
    throw wrong('be a number of steps or trees, or name steps, epochs, trees or seconds', given);
  const rules = Object.entries(typeof trigger === 'number' ? { steps: trigger, trees: trigger } : trigger);
  if (rules.length === 0) throw wrong('name steps, epochs, trees or seconds', '{}');
  for (const [name, count] of rules) {
    if (name === 'seconds' ? !(typeof count === 'number' && count > 0) : !(Number.isInteger(count) && count >= 1))
      throw wrong(`have ${name === 'seconds' ? 'seconds above 0' : 'a whole number of at least 1'} as ${name}`, count);
    if (name !== 'seconds' && !Object.hasOwn(units, name))
      throw wrong('name steps, epochs, trees or seconds', `'${name}'`);
  }
  const { seconds, ...counts } = Object.fromEntries(rules) as Exclude<Trigger, number>;
  let last = 0;
  return (event) => {
    const counted = Object.entries(counts).some(
      ([name, count]) => units[name as keyof typeof units] === event.unit && event.done % count === 0,
    );
    if (!counted && !(seconds !== undefined && event.seconds - last >= seconds)) return false;
    last = event.seconds;
    return true;
  };
}
