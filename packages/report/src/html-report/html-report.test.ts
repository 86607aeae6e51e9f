import { expect, test } from 'vitest';
import { bars } from '../bars/bars.ts';
import { EVIL, elementsOf, unbalanced } from '../markup/markup.fixture.ts';
import { table } from '../table/table.ts';
import { htmlReport } from './html-report.ts';

const chart = bars([{ label: 'a', value: 1 }], { title: 'Chart' });
const sections = [
  { title: 'One', text: 'First.', figures: [chart] },
  { title: 'Two', text: ['Second.', 'Third.'], figures: [table(['x'], [[1]])] },
  { title: 'Three' },
];
const html = htmlReport({
  title: 'Run 7',
  subtitle: 'seed 0',
  facts: [{ label: 'test accuracy', value: '98.95 %' }],
  sections,
});

test('is one document with its title, facts, sections and figures as they are', () => {
  expect(html.startsWith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/>')).toBe(true);
  expect(html).toContain('<title>Run 7</title>');
  expect(html).toContain('<dt>test accuracy</dt><dd>98.95 %</dd>');
  expect(html).toContain(`<figure>${chart}</figure>`);
  expect([...html.matchAll(/<p>(.*?)<\/p>/g)].map(([, text]) => text)).toEqual(['First.', 'Second.', 'Third.']);
  expect(unbalanced(html.slice(15))).toEqual([]);
});

test('needs nothing from outside and runs nothing', () => {
  expect(html).not.toMatch(/<script|<link|<iframe|javascript:|url\(|@import|(src|href)="http/);
  expect(elementsOf(html, 'meta').find((meta) => meta['http-equiv'] === 'Content-Security-Policy')?.content).toBe(
    'default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:',
  );
});

test('can be found one’s way in: headings name their sections, links lead to them', () => {
  expect(elementsOf(html, 'section').map(({ id, 'aria-labelledby': by }) => [id, by])).toEqual(
    [1, 2, 3].map((i) => [`section-${i}`, `title-${i}`]),
  );
  expect(elementsOf(html, 'a').map(({ href }) => href)).toEqual(['#section-1', '#section-2', '#section-3']);
  expect(html.match(/<h1>/g)).toHaveLength(1);
  expect(
    elementsOf(html, 'svg').every(
      ({ role, 'aria-label': label }) => role === 'img' && label?.startsWith('Chart. a: 1') === true,
    ),
  ).toBe(true);
});

test('has light and dark colours', () => {
  expect(html.match(/prefers-color-scheme:\s*dark/g)?.length).toBeGreaterThanOrEqual(2);
  expect(
    elementsOf(html, 'meta').some(({ name, content }) => name === 'color-scheme' && content === 'light dark'),
  ).toBe(true);
});

test('texts are escaped everywhere', () => {
  const evil = htmlReport({
    title: EVIL,
    subtitle: EVIL,
    language: EVIL,
    facts: [{ label: EVIL, value: EVIL }],
    sections: [1, 2, 3].map(() => ({ title: EVIL, text: EVIL })),
  });
  expect(evil).not.toMatch(/<script|<img|\0/);
  expect(unbalanced(evil.slice(15))).toEqual([]);
});

test('a text among the figures is refused: it would not be escaped', () => {
  for (const figure of ['hello', '<script>alert(1)</script>', ' <svg>', '<svgx>']) {
    expect(() => htmlReport({ title: 'x', sections: [{ title: 'One', figures: [figure] }] })).toThrow(
      `htmlReport(): figures of "One" must be what this package's functions return, got ${JSON.stringify(figure)}. Put text into \`text\`.`,
    );
  }
});

test('the same input gives the same bytes', () => {
  expect(
    htmlReport({ title: 'Run 7', subtitle: 'seed 0', facts: [{ label: 'test accuracy', value: '98.95 %' }], sections }),
  ).toBe(html);
});
