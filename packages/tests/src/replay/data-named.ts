/** The data that `--data` names: a data set of ours, a CSV file, or a module of yours. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { fashionMnist, iris, mnist } from '@dendrite/datasets';
import { readCsv } from '@dendrite/datasets/csv';
import { type Data, DendriteError, type FitOptions } from '@dendrite/spec';

export interface NamedData {
  readonly data: Data | object;
  readonly validation?: FitOptions['validation'];
}

const sets: Readonly<Record<string, () => Promise<Data>>> = {
  iris: () => iris(),
  mnist: async () => (await mnist()).train,
  'fashion-mnist': async () => (await fashionMnist()).train,
};

/**
 * A module may be asked as an address is, `module.ts?limit=600&seed=3`: its function gets `{ limit: '600', seed: '3' }`.
 * @throws OPTION  for a name that means nothing
 */
export async function dataNamed(name: string, target: string | undefined): Promise<NamedData> {
  const set = Object.hasOwn(sets, name) ? sets[name] : undefined;
  if (set) return { data: await set() };
  if (/\.csv(\.gz)?$/.test(name)) {
    if (target === undefined)
      throw new DendriteError('OPTION', 'replay: --target must name the column to predict, got none.');
    const bytes = await readFile(name);
    const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
    return { data: { table: readCsv(text), target } };
  }
  const [, path, query = ''] = /^(.*\.[mc]?[jt]s)(?:\?(.*))?$/.exec(name) ?? [];
  if (path !== undefined) {
    const { default: found }: { readonly default?: unknown } = await import(pathToFileURL(resolve(path)).href);
    const asked = Object.fromEntries(new URLSearchParams(query));
    const made: unknown = typeof found === 'function' ? await found(asked) : found;
    if (typeof made === 'object' && made !== null)
      return 'data' in made && !('shape' in made) ? (made as NamedData) : { data: made };
  }
  throw new DendriteError(
    'OPTION',
    `replay: --data must be ${Object.keys(sets).join(', ')}, a .csv file, or a module whose default export gives { data, validation? }, got '${name}'.`,
  );
}
