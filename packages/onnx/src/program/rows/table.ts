/** Ops that are written whole, by name: one row each. All others are written as the calls that they decompose into. */
import { functionRows } from './functions.ts';
import { imageRows } from './images.ts';
import { movingRows } from './moving.ts';
import { reducingRows } from './reducing.ts';
import { type Row, refuse } from './row.ts';
import { sequenceRows } from './sequences.ts';

const none =
  (why: string, advice: string): Row =>
  ({ call }) =>
    refuse(call.op, why, advice);

const table: ReadonlyMap<string, Row> = new Map<string, Row>([
  ...Object.entries({ ...functionRows, ...imageRows, ...movingRows, ...reducingRows, ...sequenceRows }),
  [
    'core/random-bits',
    none('numbers are drawn', 'Give them as an input; dropout and its like draw in training alone.'),
  ],
  ['core/window-scatter', none('windows are added up', 'Of all layers only gradients do this: export what predicts.')],
]);

export const rowNames: ReadonlySet<string> = new Set(table.keys());
export const rowOf = (op: string): Row | undefined => table.get(op);
