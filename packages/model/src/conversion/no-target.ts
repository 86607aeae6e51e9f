/** What is said where the target is none of the columns. */
import { type Column, DendriteError } from '@dendrite/spec';

export function noTarget(target: string, columns: readonly Column[], where: string): DendriteError {
  return new DendriteError(
    'DATA',
    `${where}: the target must be one of the columns (${columns.map(({ name }) => `'${name}'`).join(', ')}), got '${target}'. Check its spelling.`,
  );
}
