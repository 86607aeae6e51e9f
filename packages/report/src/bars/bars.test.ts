import { expect, test } from 'vitest';
import { EVIL, elementsOf, textsOf, unbalanced } from '../markup/markup.fixture.ts';
import { bars } from './bars.ts';

/** Bars without the ground. */
const bodies = (svg: string): Record<string, string>[] =>
  elementsOf(svg, 'rect').filter(({ fill }) => fill === 'currentColor');

test('lengths are in proportion, from one zero', () => {
  const svg = bars(
    [
      { label: 'a', value: 4 },
      { label: 'b', value: 1 },
      { label: 'c', value: 0 },
    ],
    { title: 'T' },
  );
  const [a, b, c] = bodies(svg);
  expect(Number(a?.width) / Number(b?.width)).toBeCloseTo(4, 1);
  expect(a?.x).toBe(b?.x);
  expect(c?.width).toBe('0');
  expect(textsOf(svg)).toEqual(['T', 'a', '4', 'b', '1', 'c', '0']);
});

test('negative bars end where positive ones begin', () => {
  const [plus, minus] = bodies(
    bars([
      { label: 'a', value: 1 },
      { label: 'b', value: -0.5 },
    ]),
  );
  expect(Number(minus?.x) + Number(minus?.width)).toBeCloseTo(Number(plus?.x), 1);
  expect(Number(plus?.width) / Number(minus?.width)).toBeCloseTo(2, 1);
  expect(minus?.class).not.toBe(plus?.class);
});

test('NaN is written, not drawn; nothing at all is a chart', () => {
  const svg = bars([
    { label: 'a', value: Number.NaN },
    { label: 'b', value: Number.POSITIVE_INFINITY },
    { label: 'c', value: 2 },
  ]);
  expect(textsOf(svg)).toEqual(['a', 'NaN', 'b', '∞', 'c', '2']);
  expect(bodies(svg).map(({ width }) => Number(width) > 0)).toEqual([false, false, true]);
  expect(unbalanced(bars([]))).toEqual([]);
});

test('own format, long labels cut with the whole on hover, user text escaped', () => {
  const label = 'a name that is much too long for any chart to show';
  const svg = bars(
    [
      { label, value: 0.5 },
      { label: EVIL, value: 1 },
    ],
    { format: (value) => `${value * 100} <%>`, xLabel: EVIL },
  );
  expect(svg).toContain(`<title>${label}</title>`);
  expect(textsOf(svg)[0]).toMatch(/^a name .*…$/);
  expect(textsOf(svg)).toContain('50 &lt;%&gt;');
  expect(svg).not.toMatch(/<script|<img/);
});
