import { readFile } from 'node:fs/promises';
import { tanh } from '@dendrite/core';
import { describeTable, splitTable } from '@dendrite/datasets';
import { readCsv } from '@dendrite/datasets/csv';
import { accuracy } from '@dendrite/metrics';
import { classifier, dense, sequential } from '@dendrite/nn';

const table = readCsv(await readFile('flowers.csv'));
console.table(describeTable(table));
const { train, test } = splitTable(table, { target: 'species', seed: 7 });
const flowers = await classifier(sequential(dense(16), tanh, dense(3))).fit(train, { epochs: 60, seed: 7 });
console.log(await flowers.evaluate(test, { accuracy }));
