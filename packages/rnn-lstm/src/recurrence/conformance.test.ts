import { opConformance } from '@dendrite/conformance';
import { checkGradients, createRuntime } from '@dendrite/core';
import { describe, test } from 'vitest';
import { recurrenceCases } from './recurrence.cases.ts';

const runtime = await createRuntime();
describe.each(recurrenceCases.map((table) => ({ name: table.op.name, table })))('$name', ({ table }) => {
  for (const each of opConformance({ runtime, reference: runtime, checkGradients }, [table])) test(each.name, each.run);
});
