/** What is refused both when JSON is read and when it is written. */

/** Deep enough for layers in layers in layers; shallow enough for any stack. */
export const MAX_DEPTH = 200;

const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a name, or a part of it between dots, would reach an object's prototype when trees are built of it. */
export const isUnsafeName = (name: string): boolean => name.split('.').some((part) => UNSAFE.has(part));
