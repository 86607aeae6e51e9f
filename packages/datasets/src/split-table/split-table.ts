/** A table in two: one part to train on, one to test with. */
import { selectRows, splitIndices } from '@dendrite/model';
import { hostKey } from '@dendrite/random';
import { DendriteError, type Table, type TableData } from '@dendrite/spec';

/**
 * Splits the rows by a seed. Where the target is a category or a boolean, each class has its share in both parts.
 * What is fitted on the training part alone (means, deviations, categories) then knows nothing of the other.
 * @param options.target  the column to predict
 * @param options.fraction  of rows in `test`, default 0.2
 * @param options.seed  default 0
 * @throws OPTION  for another fraction, or where one part would be empty
 * @throws DATA  if there is no such column, or a row does not know its target
 * @example
 * import { splitTable } from '@dendrite/datasets';
 * import { readCsv } from '@dendrite/datasets/csv';
 * const { train, test } = splitTable(readCsv('x,y\n1,a\n2,a\n3,b\n4,b'), { target: 'y', fraction: 0.5 });
 * // await model.fit(train); await fitted.evaluate(test, { accuracy });
 */
export function splitTable(
  table: Table,
  options: { readonly target: string; readonly fraction?: number; readonly seed?: number },
): { readonly train: TableData; readonly test: TableData } {
  const { target, fraction = 0.2, seed = 0 } = options;
  const column = table.columns.find(({ name }) => name === target);
  if (column === undefined) {
    const names = table.columns.map(({ name }) => `'${name}'`).join(', ');
    throw new DendriteError(
      'DATA',
      `splitTable(): target must name a column, got '${target}'. The columns are ${names}.`,
    );
  }
  const unknown = column.missing?.indexOf(1) ?? -1;
  if (unknown >= 0) {
    throw new DendriteError(
      'DATA',
      `splitTable(): every row must know its target, got none in row ${unknown}, column '${target}'. Leave such rows out.`,
    );
  }
  const labelled = column.kind === 'category' || column.kind === 'boolean';
  const { train, held } = splitIndices({
    rows: table.rows,
    fraction,
    key: hostKey(seed).fork('split'),
    where: 'splitTable()',
    ...(labelled && { codes: column.values }),
  });
  return { train: { table: selectRows(table, train), target }, test: { table: selectRows(table, held), target } };
}
