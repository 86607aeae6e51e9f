/** What is said of data that nothing can be learned from: told through promises, so it is loaded when it has to be said. */
import { type Column, DendriteError, type Label } from '@dendrite/spec';
import { showLabel } from '../labels/label-codes.ts';

/** Of what should have been a label and may be anything: `[object Date]`. */
const showAny = (value: unknown): string =>
  Object(value) === value ? Object.prototype.toString.call(value) : showLabel(value as Label);
const adviceFor = (value: unknown): string =>
  Object(value) === value
    ? 'Convert it: of a date, Number(date) is a number and date.getDay() a class.'
    : 'Leave the row out.';
const wrong = (where: string, text: string): DendriteError => new DendriteError('DATA', `${where}: ${text}`);

export function wrongForm(data: unknown, where: string): DendriteError {
  const got =
    typeof data === 'object' && data !== null
      ? `an object with ${Object.keys(data).slice(0, 6).join(', ') || 'no keys'}`
      : String(data);
  return wrong(where, `data must be { x, y }, { rows, target }, { table, target } or a source, got ${got}.`);
}
export const noColumns = (where: string): DendriteError =>
  wrong(where, 'the data must have a column besides the target, got none.');
export const noRows = (where: string): DendriteError => wrong(where, 'the data must have at least one row, got 0.');
export const otherRows = (x: number, y: number, where: string): DendriteError =>
  wrong(where, `x and y must have as many rows, got ${x} in x and ${y} in y. Give one target a row.`);
export const otherWeights = (weights: number, rows: number, where: string): DendriteError =>
  wrong(where, `sampleWeight must have one weight a row, got ${weights} for ${rows} rows.`);

/** The target is none of the columns. */
export function noTarget(target: string, columns: readonly Column[], where: string): DendriteError {
  const names = columns.map(({ name }) => `'${name}'`).join(', ');
  return wrong(where, `the target must be one of the columns (${names}), got '${target}'. Check its spelling.`);
}
/** A cell that is no target. */
export function wrongTarget(target: string, cell: unknown, row: number, where: string): DendriteError {
  return wrong(
    where,
    `the target '${target}' must be a string, number or boolean, got ${showAny(cell)} in row ${row}. ${adviceFor(cell)}`,
  );
}
/** Numbers that look measured, for a classifier. */
export const noClasses = (different: number, rows: number, where: string): DendriteError =>
  wrong(
    where,
    `a classifier's targets must be classes that repeat, got ${different} different numbers in ${rows} rows. Use a regression model.`,
  );
export const oneClass = (label: Label, rows: number, where: string): DendriteError =>
  wrong(
    where,
    `a classifier must see at least two classes, got only ${showLabel(label)} in ${rows} rows. Add rows of another class.`,
  );
/** For a regression. */
export const notFinite = (value: unknown, row: number, where: string): DendriteError =>
  wrong(
    where,
    `a regression model's targets must be finite numbers, got ${showAny(value)} in row ${row}. ${['string', 'boolean'].includes(typeof value) ? 'Convert it, or use a classifier.' : adviceFor(value)}`,
  );
