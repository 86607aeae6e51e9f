/** clipping.json: gradients cut by value, or scaled to a longest norm. */
import { clipByGlobalNorm, clipByValue } from '@dendrite/optimizers';
import type { HostTensor, Tensor } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import { NotBuilt, numberAt, type ReferenceCase, tensorsAt } from './reference-case.ts';
import { Results } from './results.ts';

export async function runClipping(machine: Machine, { fields, name }: ReferenceCase): Promise<Results> {
  const results = new Results();
  const gradients = tensorsAt(fields, 'gradients')
    .filter((tensor): tensor is HostTensor => tensor !== null)
    .map((tensor) => machine.tensor(tensor));
  let made: readonly Tensor[];
  if (fields.maxNorm !== undefined) {
    const normType = fields.normType === 'inf' ? Number.POSITIVE_INFINITY : numberAt(fields, 'normType', 2);
    const clipped = clipByGlobalNorm(gradients, numberAt(fields, 'maxNorm'), { normType });
    made = clipped.gradients;
    results.number('totalNorm', (await machine.host(clipped.norm)).data[0] ?? Number.NaN, fields.totalNorm);
  } else if (fields.clipValue !== undefined) made = clipByValue(gradients, numberAt(fields, 'clipValue'));
  else throw new NotBuilt(`clipping ${name}`);
  for (const [i, expected] of tensorsAt(fields, 'clipped').entries()) {
    const tensor = made[i];
    results.add(`clipped.${i}`, tensor && (await machine.host(tensor)), expected);
  }
  return results;
}
