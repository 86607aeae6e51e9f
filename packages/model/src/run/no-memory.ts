/** What is said where a model cannot be remembered. */
import { DendriteError } from '@dendrite/spec';

export function noMemory(name: string, unit: string | undefined): DendriteError {
  return new DendriteError(
    'OPTION',
    `remember(): '${name}' must give a snapshot with its events, got none after a ${unit ?? 'unit'}. Use restoreBest: false.`,
  );
}
