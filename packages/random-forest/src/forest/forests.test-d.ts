/** What the compiler knows of a forest and its rows; checked by tsc, never run. */
import type { Data, Fitted } from '@dendrite/spec';
import { type ForestMembers, randomForestClassifier, randomForestRegressor } from '../index.ts';

interface House {
  readonly rooms: number;
  readonly street: string;
  readonly price: number;
}
declare const houses: readonly House[];
declare const json: Record<string, unknown>[];

export async function rows(): Promise<void> {
  const fitted = await randomForestRegressor().fit({ rows: houses, target: 'price' });
  await fitted.apply(houses);
  await fitted.explain([{ rooms: 3, street: null }], { tree: 1 });
  // @ts-expect-error rooms are misspelt
  await fitted.apply([{ room: 3, street: 'A' }]);
  // @ts-expect-error a street is missing
  await fitted.explain([{ rooms: 3 }]);
  const { result } = randomForestRegressor().run({ rows: houses, target: 'price' });
  // @ts-expect-error rooms are no text
  await (await result).apply([{ rooms: '3', street: 'A' }]);
  const loose = await randomForestClassifier().fit({ rows: json, target: 'street' });
  await loose.apply([{ room: 3 }]);
  await loose.explain(houses);
}

/** Whatever it was trained on, it is a fitted model with a forest's members. */
export const some = async (): Promise<readonly (Fitted & ForestMembers)[]> => [
  await randomForestRegressor().fit({ rows: houses, target: 'price' }),
  await randomForestClassifier().fit({ rows: houses, target: 'street' }),
];
export async function wrapped<D extends Data>(data: D): Promise<number> {
  const fitted = await randomForestClassifier().fit(data);
  await fitted.apply([[1, 2]]);
  return fitted.outOfBag.score;
}
export async function priced<T extends { readonly price: number }>(all: readonly T[]): Promise<number[]> {
  const fitted = await randomForestRegressor().fit({ rows: all, target: 'price' });
  await fitted.explain(all);
  return fitted.predict(all);
}
