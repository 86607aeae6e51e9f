/** Of the settings in a file, those that decide what a forest answers. */
import { DendriteError, type SavedHeader } from '@dendrite/spec';
import type { Settings } from '../options/forest-options.ts';

export interface SavedSettings extends Pick<Settings, 'combine' | 'missing'> {
  readonly exact: boolean;
}

/** @throws FORMAT  where the file holds no forest, or settings that no forest has */
export function savedSettings({ model, config, task }: SavedHeader, where: string): SavedSettings {
  if (!model.name.startsWith('random-forest/'))
    throw new DendriteError('FORMAT', `${where}: the file must hold a forest, got '${model.name}'.`);
  // Of whatever is no object, nothing is found.
  const fields = new Map<string, unknown>(Object.entries(config ?? {}));
  const oneOf = <T extends string>(name: string, values: readonly T[]): T => {
    const value = values.find((known) => known === fields.get(name));
    if (value !== undefined) return value;
    throw new DendriteError(
      'FORMAT',
      `${where}: ${name} must be ${values.join(' or ')}, got ${String(fields.get(name))}. The file is damaged.`,
    );
  };
  return {
    combine: oneOf('combine', task === 'classification' ? ['mean', 'mode'] : ['mean', 'median']),
    missing: oneOf('missing', ['learn', 'error']),
    exact: oneOf('splitter', ['histogram', 'exact']) === 'exact',
  };
}
