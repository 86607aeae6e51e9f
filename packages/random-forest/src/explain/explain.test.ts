/** Trees in words and as data: what they ask is what they do, whatever the columns hold. */
import { fromBytes, load, toBytes } from '@dendrite/model';
import { expect, test } from 'vitest';
import { forestModels } from '../forest/forest-models.ts';
import { decisionTreeClassifier, randomForestClassifier } from '../forest/forests.ts';
import { thresholdText } from './threshold-text.ts';

const tree = async (rows: readonly object[], options: { readonly splitter?: 'exact' } = {}) =>
  decisionTreeClassifier(options).fit({ rows, target: 'y' });

test.each([undefined, 'exact'] as const)('thresholds have the digits that the split needs: %s', async (splitter) => {
  const ids = [100000001, 100000002, 3].map((id, i) => ({ id, y: i === 0 ? 'a' : 'b' }));
  const fitted = await tree(ids, splitter && { splitter });
  const text = await fitted.text(0);
  expect(text).toContain('id ≤ 50000000\n');
  expect(text).toContain('id ≤ 100000001.5');
  const few = await tree(
    [1.7, 0.1 + 0.2].map((x, i) => ({ x, y: i })),
    splitter && { splitter },
  );
  expect(await few.text(0)).toBe('x ≤ 1\n  → 1\nelse\n  → 0');
});

test('between values that are known a short number is taken, and only there', () => {
  const bins = (centers: number[], edges: number[]) =>
    ({
      kind: 'number',
      edges: Float64Array.from(edges),
      centers: Float64Array.from(centers),
      count: 0,
      missing: 255,
    }) as const;
  const [low, high] = [0.8000000119, 0.8999999762];
  const middle = low + (high - low) / 2;
  expect(thresholdText(middle, bins([low, high], [middle]), false, false)).toBe('0.85');
  // Of quantiles the values beside an edge are not known.
  expect(thresholdText(middle, bins([0.1, high], [middle]), false, false)).toBe(String(middle));
  expect(thresholdText(0.123456789, bins([0.1234567, 0.2], []), true, false)).toBe('0.123457');
  expect(thresholdText(2.4999999999999996, undefined, true, false)).toBe('2.4999999999999996');
  expect(thresholdText(1e300, undefined, true, true)).toBe('1e+300');
});

const day = (date: number, hours = 0) => new Date(Date.UTC(2020, 0, date, hours));
test('dates are dates, booleans are true or false, in words and in paths', async () => {
  const born = Array.from({ length: 20 }, (_, i) => ({ born: day(1 + i, 7), y: i < 10 ? 'p' : 'q' }));
  const dates = await tree(born);
  expect(await dates.text(0)).toBe('born ≤ 2020-01-11\n  → p\nelse\n  → q');
  const [path] = await dates.explain([{ born: day(3) }]);
  expect(path?.steps).toMatchObject([{ feature: 'born', value: day(3), yes: true }]);
  const close = await tree([day(1, 7), day(1, 8)].map((born, y) => ({ born, y })));
  expect(await close.text(0)).toContain('born ≤ 2020-01-01T07:30Z');
  const booleans = await tree([true, false, true].map((tame) => ({ tame, y: tame ? 'dog' : 'wolf' })));
  expect(await booleans.text(0)).toBe('tame is false\n  → wolf\nelse\n  → dog');
  const [steps] = await booleans.explain([{ tame: true }]);
  expect(steps?.steps).toMatchObject([{ feature: 'tame', value: true, yes: false }]);
  const again = await load(toBytes(await booleans.save()), { with: [forestModels] });
  expect(await (again as typeof booleans).text(0)).toBe(await booleans.text(0));
});

test.each([undefined, 'exact'] as const)('words say where what is missing goes: %s', async (splitter) => {
  const options = splitter && { splitter };
  const rows = Array.from({ length: 60 }, (_, i) => ({ a: i % 3 === 0 ? null : i % 10, y: i % 3 === 0 || i % 10 < 5 }));
  expect(await (await tree(rows, options)).text(0)).toBe('a ≤ 4.5 or missing\n  → true\nelse\n  → false');
  // Only whether it is there decides: whatever is known goes left, what nobody has seen too.
  const gaps = Array.from({ length: 60 }, (_, i) => ({ a: i % 3 === 0 ? null : i % 10, y: i % 3 === 0 }));
  const fitted = await tree(gaps, options);
  expect(await fitted.text(0)).toBe('a is known\n  → false\nelse\n  → true');
  const root = await fitted.tree(0);
  expect(root.threshold).toBe(undefined);
  expect(JSON.parse(JSON.stringify(root))).toEqual(root);
  expect(await fitted.predict([{ a: null }, { a: -1e9 }, { a: 99 }])).toEqual([true, false, false]);
  const again = await decisionTreeClassifier(options).restore(fromBytes(toBytes(await fitted.save())));
  expect(await again.predict([{ a: null }, { a: 99 }])).toEqual([true, false]);
  const kinds = gaps.map(({ y }, i) => ({ k: y ? null : 'pq'[i % 2], y }));
  expect(await (await tree(kinds, options)).text(0)).toBe('k is known\n  → false\nelse\n  → true');
});

test('of categories those are named that may come to a node', async () => {
  const letters = 'abcdefghij';
  const rows = Array.from({ length: 200 }, (_, i) => ({ k: letters[i % 10] as string, y: i % 10 }));
  const root = await (await randomForestClassifier({ trees: 1, bootstrap: false }).fit({ rows, target: 'y' })).tree(0);
  type Node = typeof root;
  const check = ({ categories, children }: Node, here: readonly string[]): void => {
    if (!children) {
      expect(here).toHaveLength(1);
      return;
    }
    const left = here.filter((letter) => categories?.includes(letter));
    expect(categories).toEqual(left);
    const right = here.filter((letter) => !left.includes(letter));
    expect(Math.min(left.length, right.length)).toBeGreaterThan(0);
    check(children[0].node, left);
    check(children[1].node, right);
  };
  check(root, [...letters]);
});

test('trees may be thousands of questions deep', async () => {
  // Stripes of two classes, the wider the farther: the best cut takes one stripe off.
  const x = Array.from({ length: 6000 }, (_, i) => [i]);
  const fitted = await decisionTreeClassifier({ splitter: 'exact' }).fit({ x, y: x.map(([i = 0]) => i % 2) });
  expect(fitted.size.depth).toBeGreaterThan(2500);
  let depth = 0;
  for (let node = await fitted.tree(0); node.children; depth++)
    node = node.children[0].node.children ? node.children[0].node : node.children[1].node;
  expect(depth).toBe(fitted.size.depth);
  expect((await fitted.text(0)).split('\n').length).toBeGreaterThan(fitted.size.nodes);
});
