/** The forms in which iris is around: CSV with names or codes of species, with or without a line of names, and JSON rows. */
import { DendriteError } from '@dendrite/spec';

export type Species = 'setosa' | 'versicolor' | 'virginica';
/** In the order of their codes. */
export const speciesNames: readonly Species[] = ['setosa', 'versicolor', 'virginica'];

export interface Flower {
  /** Sepal length and width, petal length and width, in centimetres. */
  readonly measures: readonly number[];
  /** Its place in `speciesNames`. */
  readonly species: number;
}

/** @throws FORMAT  if there are not 50 flowers of each species with four positive measures. */
export function parseIris(text: string, name: string): Flower[] {
  const flowers = rowsOf(text, name).flatMap((cells): Flower[] => {
    const measures = cells.slice(0, 4).map(Number);
    const species = codeOf(cells[4] ?? '');
    const whole = cells.length === 5 && measures.every((value) => value > 0 && value < 100);
    return whole && species >= 0 ? [{ measures, species }] : []; // lines of names and counts
  });
  const counts = speciesNames.map((_, code) => flowers.filter(({ species }) => species === code).length);
  if (counts.some((count) => count !== 50)) {
    throw new DendriteError(
      'FORMAT',
      `iris(): ${name} must hold 50 flowers of each species, got ${counts.join(', ')}. Its lines must read: sepal length, sepal width, petal length, petal width, species.`,
    );
  }
  return flowers;
}

function rowsOf(text: string, name: string): string[][] {
  if (!text.trimStart().startsWith('[')) {
    return text.split(/\r\n?|\n/).map((line) => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  }
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) ? rows.map((row) => (Array.isArray(row) ? row.map(String) : [])) : [];
  } catch (cause) {
    throw new DendriteError(
      'FORMAT',
      `iris(): ${name} must be JSON, as its first character says, and is not. Fetch it again.`,
      {
        cause,
      },
    );
  }
}

/** 'Iris-setosa', 'setosa' and '0' are the same species. */
function codeOf(cell: string): number {
  const names: readonly string[] = speciesNames;
  return Math.max(names.indexOf(cell.toLowerCase().replace(/^iris[-_ ]/, '')), ['0', '1', '2'].indexOf(cell));
}
