/** The attributes of a call that has none: one object, so that its plan is found without comparing contents. */
import type { Attributes } from '@dendrite/spec';

export const noAttributes: Attributes = Object.freeze({});
