/** Tables as inputs. */
import { type Data, DendriteError, type Label } from '@dendrite/spec';
import { checkedTable } from '../table/checked-table.ts';
import type { Examples } from './examples.ts';

export { checkedTable };

type TableGiven = Extract<Data, { readonly table: unknown }>;
export async function tableExamples({ table, target, sampleWeight }: TableGiven, where: string): Promise<Examples> {
  const { rows, columns } = checkedTable(table, where);
  const column = columns.find(({ name }) => name === target);
  if (column === undefined) throw (await import('./data-errors.ts')).noTarget(target, columns, where);
  const targets = Array.from(column.values, (value, i): Label => {
    if (column.missing?.[i] || Number.isNaN(value))
      throw new DendriteError(
        'DATA',
        `${where}: the target '${target}' must be known in every row, got none in row ${i}. Leave the row out.`,
      );
    if (column.kind === 'category') return column.categories?.[value] ?? '';
    return column.kind === 'boolean' ? value !== 0 : value;
  });
  return {
    features: { form: 'table', rows, table: { ...table, columns: columns.filter((other) => other !== column) } },
    rows,
    targets,
    target,
    ...(sampleWeight && { sampleWeight }),
  };
}
