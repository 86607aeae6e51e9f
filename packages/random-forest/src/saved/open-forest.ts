/** A saved forest taken apart for whoever writes it in another form: checked like one that is restored. */
import { type Preprocessing, readPreprocessing, type ValuesPreprocessing } from '@dendrite/model';
import { fromBytes } from '@dendrite/safetensors';
import { DendriteError, isDendriteError, type Label, type SavedModel } from '@dendrite/spec';
import type { Forest } from '../predict/forest.ts';
import { binsIn, readForest } from './read-forest.ts';
import { type SavedSettings, savedSettings } from './saved-settings.ts';

export interface OpenForest {
  readonly forest: Forest;
  /** Empty for forests that predict numbers. */
  readonly labels: readonly Label[];
  readonly settings: SavedSettings;
  /** One a column of the forest. */
  readonly columns: readonly InputColumn[];
  /** Where rows are plain numbers: their type, and the shape of one. Else they are objects with the columns' names. */
  readonly values?: ValuesPreprocessing;
}
export interface InputColumn {
  readonly name: string;
  readonly kind: 'number' | 'category' | 'boolean' | 'date';
  readonly categories?: readonly string[];
}

/** @throws FORMAT  for a file that is damaged or holds no forest */
export function openForest(file: Uint8Array | SavedModel, where: string): OpenForest {
  try {
    return openParts(file instanceof Uint8Array ? fromBytes(file) : file, where);
  } catch (cause) {
    if (isDendriteError(cause)) throw cause;
    // What comes from a file has its form; an object may have any.
    throw new DendriteError(
      'FORMAT',
      `${where}: a saved forest must be what save() gave, or its bytes, got something else. Hand over the bytes of its file.`,
      { cause },
    );
  }
}

function openParts({ header, arrays }: SavedModel, where: string): OpenForest {
  const settings = savedSettings(header, where);
  const { extra } = header;
  const labels = header.task === 'classification' ? (header.labels ?? []) : [];
  if (header.task === 'classification' && labels.length === 0) throw damaged(where, 'labels must be there', 'none');
  const forest = readForest(arrays, binsIn(extra), { classes: labels.length, exact: settings.exact });
  const preprocessing = readPreprocessing(header.preprocessing, where);
  const columns = columnsOf(preprocessing, forest.bins.length);
  if (columns.length !== forest.bins.length)
    throw damaged(where, `columns must be as many as the forest has, ${forest.bins.length}`, columns.length);
  columns.forEach(({ name, categories }, f) => {
    const { kind, codes, count = 0 } = forest.bins[f] ?? {};
    const known = codes?.length ?? count;
    if ((kind === 'category') !== (categories !== undefined) || (categories && categories.length !== known))
      throw damaged(
        where,
        `column '${name}' must be what its bins say, a ${kind} of ${known}`,
        categories?.length ?? 0,
      );
  });
  return { forest, labels, settings, columns, ...(preprocessing.kind === 'values' && { values: preprocessing }) };
}

function columnsOf(preprocessing: Preprocessing, width: number): readonly InputColumn[] {
  if (preprocessing.kind === 'table') return preprocessing.columns;
  const size = preprocessing.shape.reduce((product, length) => product * length, 1);
  // A damaged shape may be of any size.
  return Array.from({ length: Math.min(size, width + 1) }, (_, f) => ({
    name: preprocessing.names?.[f] ?? `x${f}`,
    kind: 'number',
  }));
}

function damaged(where: string, rule: string, got: string | number): DendriteError {
  return new DendriteError('FORMAT', `${where}: ${rule}, got ${got}. The file is damaged.`);
}
