/** What reads each form of inputs: a module of its own each, for few pages have several forms. */
import type { Table } from '@dendrite/spec';
import { whenNeeded } from '../loading/when-needed.ts';

type ValuesForm = typeof import('./values-form.ts');
type NamedForm = typeof import('./named-form.ts');
type TableForm = typeof import('./table-form.ts');
type SourceForm = typeof import('./source-form.ts');
type Needed<T> = () => T | Promise<T>;

/** What it takes to read inputs. Who has all of it at hand anyway gives it so. */
export interface InputForms {
  readonly values: Needed<Pick<ValuesForm, 'takeValues' | 'finiteValues' | 'valueColumns'>>;
  readonly named: Needed<{
    readonly tableFromRows: NamedForm['tableFromRows'];
    namedColumns(...given: Parameters<NamedForm['namedColumns']>): Table | Promise<Table>;
  }>;
  readonly table: Needed<Pick<TableForm, 'checkedTable'>>;
  readonly source: Needed<Pick<SourceForm, 'columnsOfSource'>>;
}
/** Each loaded when inputs of its form come. */
export const forms: {
  readonly values: Needed<ValuesForm>;
  readonly named: Needed<NamedForm>;
  readonly table: Needed<TableForm>;
  readonly source: Needed<SourceForm>;
} = {
  values: whenNeeded(() => import('./values-form.ts')),
  named: whenNeeded(() => import('./named-form.ts')),
  table: whenNeeded(() => import('./table-form.ts')),
  source: whenNeeded(() => import('./source-form.ts')),
};
