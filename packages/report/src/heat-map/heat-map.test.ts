import { expect, test } from 'vitest';
import { EVIL, elementsOf, textsOf, unbalanced } from '../markup/markup.fixture.ts';
import { heatMap } from './heat-map.ts';

const map = { rows: ['it', 'was'], columns: ['the', 'cat'], values: [Float32Array.of(0.25, 1), [-0.5, 0]] };
/** Shades of cells: grounds and the legend left out. */
const shadesOf = (svg: string): Record<string, string>[] =>
  elementsOf(svg, 'rect').filter(
    ({ 'fill-opacity': shade, width }) => shade !== undefined && shade !== '0.07' && width !== '13',
  );

test('shades are in proportion to the value, its sign is the colour', () => {
  const svg = heatMap(map);
  const [a, b, c] = shadesOf(svg);
  expect([a, b, c].map((cell) => Number(cell?.['fill-opacity']))).toEqual([0.25, 1, 0.5]);
  expect(a?.class).toBe(b?.class);
  expect(c?.class).not.toBe(a?.class);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['it', 'was', 'the', 'cat', '0.25', '1.00', '−0.50', '0']));
  expect(svg).toContain('<title>it → cat: 1</title>');
  expect(unbalanced(svg)).toEqual([]);
});

test('`full` fixes the scale; more is full', () => {
  expect(shadesOf(heatMap(map, { full: 0.5 })).map((cell) => Number(cell['fill-opacity']))).toEqual([0.5, 1, 1]);
});

test('what is not finite is crossed out', () => {
  const svg = heatMap({ rows: ['a'], columns: ['x', 'y'], values: [[Number.NaN, 1]] });
  expect(elementsOf(svg, 'path').filter(({ class: name }) => name === 'dn-warn')).toHaveLength(1);
  expect(svg).toContain('<title>a → x: NaN</title>');
});

test('words say where each row looks', () => {
  expect(elementsOf(heatMap(map, { title: 'Head 1' }), 'svg')[0]?.['aria-label']).toBe(
    'Head 1. 2 rows and 2 columns, values from −0.5 to 1. it: most at cat (1); was: most at the (−0.5)',
  );
});

test('nothing, zeros and a hundred tokens are maps; names are escaped', () => {
  expect(unbalanced(heatMap({ rows: [], columns: [], values: [] }))).toEqual([]);
  expect(shadesOf(heatMap({ rows: ['a'], columns: ['b'], values: [[0]] }))).toEqual([]);
  const many = Array.from({ length: 100 }, (_, i) => `t${i}`);
  expect(
    textsOf(heatMap({ rows: many, columns: many, values: many.map(() => new Float32Array(100)) })).length,
  ).toBeLessThan(110);
  expect(
    heatMap({ rows: [EVIL], columns: [EVIL], values: [[1]] }, { title: EVIL, rowLabel: EVIL, columnLabel: EVIL }),
  ).not.toMatch(/<script|<img/);
});

test('a wrong size is refused', () => {
  expect(() => heatMap({ ...map, values: [[1, 2]] })).toThrow(
    'heatMap(): values must be [2, 2] as rows and columns are, got a length of 1.',
  );
  expect(() => heatMap({ ...map, values: [[1, 2], [1]] })).toThrow('got a length of 1');
});
