/** What people call an op: the name of its function. */

/** `'core/less-equal.number'` → `'lessEqual'`, for messages. */
export const functionName = (op: string): string =>
  op
    .slice(op.lastIndexOf('/') + 1)
    .replace(/\..*$/, '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
