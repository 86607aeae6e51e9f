/** The rule of the option `callbacks`: loaded where there are some. */
import type { OptionRule } from './definition.ts';

/** Anything else would fail at the first event, with the name of a function that the caller never wrote. */
export const callbackList: OptionRule = (value) =>
  Array.isArray(value) && value.every(isCallback)
    ? undefined
    : 'be a list of callbacks, each a name and on(event, run), such as [stopOnNaN()]';
function isCallback(each: unknown): boolean {
  if (typeof each !== 'object' || each === null || !('name' in each && 'on' in each)) return false;
  return typeof each.name === 'string' && typeof each.on === 'function';
}
