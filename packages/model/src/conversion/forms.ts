/** What reads each form of inputs: a module of its own each, for few pages have several forms. */
import { whenNeeded } from '../loading/when-needed.ts';

type ValuesForm = typeof import('./values-form.ts');
type NamedForm = typeof import('./named-form.ts');
type SourceForm = typeof import('./source-form.ts');
type Needed<T> = () => T | Promise<T>;

/** What it takes to read inputs. Who has all of it at hand anyway gives it so. */
export interface InputForms {
  readonly values: Needed<Pick<ValuesForm, 'takeValues' | 'valueColumns'>>;
  readonly named: Needed<Pick<NamedForm, 'checkedTable' | 'tableFromRows' | 'namedColumns'>>;
  readonly source: Needed<Pick<SourceForm, 'columnsOfSource'>>;
}
/** Each loaded when inputs of its form come. */
export const forms: {
  readonly values: Needed<ValuesForm>;
  readonly named: Needed<NamedForm>;
  readonly source: Needed<SourceForm>;
} = {
  values: whenNeeded(() => import('./values-form.ts')),
  named: whenNeeded(() => import('./named-form.ts')),
  source: whenNeeded(() => import('./source-form.ts')),
};
