import { describe, expect, test } from 'vitest';
import { element, escapeText } from './markup.ts';
import { fit } from './svg.ts';

describe('escapeText()', () => {
  test('leaves nothing that opens, closes or quotes', () => {
    expect(escapeText(`<a href="x" b='y'>&amp;`)).toBe('&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;');
  });

  test('replaces what XML forbids, and nothing else', () => {
    expect(escapeText('a\0b\u001bc\ud800d\uffffe')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde');
    expect(escapeText('é 漢字 😀 \n\t')).toBe('é 漢字 😀 \n\t');
  });
});

describe('element()', () => {
  test('escapes texts and attributes, keeps elements', () => {
    expect(element('p', { title: '"<' }, 'a < b', element('b', {}, '&')).markup).toBe(
      '<p title="&quot;&lt;">a &lt; b<b>&amp;</b></p>',
    );
  });

  test('rounds numbers, leaves out what is undefined, closes what HTML cannot', () => {
    expect(element('rect', { x: 1 / 3, y: -0.001, width: undefined }).markup).toBe('<rect x="0.33" y="0"/>');
    expect(element('td').markup).toBe('<td></td>');
    expect(element('main').markup).toBe('<main></main>');
  });
});

test('fit() cuts whole characters', () => {
  expect(fit('short', 100)).toBe('short');
  expect(fit('a rather long label', 60)).toBe('a rathe…');
  expect(fit('😀😀😀😀', 30)).toBe('😀…');
});
