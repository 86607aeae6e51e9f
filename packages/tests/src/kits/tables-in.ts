/** The case tables among what a file exports, alone or in lists. */
import type { OpCases } from '@dendrite/spec';

export const tablesIn = (exported: Readonly<Record<string, unknown>>): readonly OpCases[] =>
  Object.values(exported).flat().filter(isTable);

const isTable = (value: unknown): value is OpCases =>
  typeof value === 'object' && value !== null && 'op' in value && 'cases' in value && Array.isArray(value.cases);
