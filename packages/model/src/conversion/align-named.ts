/** Named columns that are not yet as in training. */
import type { Table } from '@dendrite/spec';
import { alignTable } from '../preprocessing/align-table.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { asTablePlan } from './as-table-plan.ts';

export function alignNamed(
  table: Table,
  preprocessing: Preprocessing,
  rules: { readonly missing: 'error' | 'mask'; readonly where: string },
): Table {
  return alignTable(table, asTablePlan(preprocessing, rules.where), rules);
}
