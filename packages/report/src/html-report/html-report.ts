/** One HTML file with everything in it: no script, no network, light and dark, readable on a phone and on paper. */
import { DendriteError } from '@dendrite/spec';
import { element, type Markup } from '../markup/markup.ts';
import { STYLE } from './style.ts';

export interface ReportSection {
  readonly title: string;
  /** Paragraphs; escaped. */
  readonly text?: string | readonly string[];
  /** What the functions of this package return, put in as it is. Nothing else: it is not escaped. */
  readonly figures?: readonly string[];
}

export interface ReportOptions {
  readonly title: string;
  /** A line below the title. */
  readonly subtitle?: string;
  /** Numbers to see first. */
  readonly facts?: readonly { readonly label: string; readonly value: string | number }[];
  readonly sections: readonly ReportSection[];
  /** Language of the texts, `en`. */
  readonly language?: string;
}

/**
 * A whole HTML document. The same input gives the same bytes. Its content policy forbids scripts and all requests.
 * @throws OPTION  if a figure is not markup that begins with `<svg` or `<table`
 * @example
 * import { bars, htmlReport } from '@dendrite/report';
 * const html = htmlReport({ title: 'Run 7', sections: [{ title: 'Importance', figures: [bars([{ label: 'age', value: 0.4 }])] }] });
 */
export function htmlReport({ title, subtitle, facts = [], sections, language = 'en' }: ReportOptions): string {
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', {
      'http-equiv': 'Content-Security-Policy',
      content: "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('title', {}, title),
    element('style', {}, { markup: STYLE }),
  );
  const body = element(
    'body',
    {},
    element(
      'header',
      {},
      element('h1', {}, title),
      subtitle === undefined ? undefined : element('p', { class: 'subtitle' }, subtitle),
    ),
    facts.length === 0
      ? undefined
      : element(
          'dl',
          { class: 'facts' },
          ...facts.map(({ label, value }) =>
            element('div', {}, element('dt', {}, label), element('dd', {}, String(value))),
          ),
        ),
    sections.length < 3
      ? undefined
      : element(
          'nav',
          { 'aria-label': 'Sections' },
          ...sections.map(({ title: name }, i) => element('a', { href: `#section-${i + 1}` }, name)),
        ),
    element('main', {}, ...sections.map(section)),
  );
  return `<!DOCTYPE html>\n${element('html', { lang: language }, head, body).markup}\n`;
}

function section({ title, text = [], figures = [] }: ReportSection, i: number): Markup {
  return element(
    'section',
    { id: `section-${i + 1}`, 'aria-labelledby': `title-${i + 1}` },
    element('h2', { id: `title-${i + 1}` }, title),
    ...(typeof text === 'string' ? [text] : text).map((paragraph) => element('p', {}, paragraph)),
    ...figures.map((figure) => element('figure', {}, trusted(figure, title))),
  );
}

/** Keeps plain text, which would go in without being escaped, from being taken for a figure. */
function trusted(figure: string, title: string): Markup {
  if (!/^<(svg|table)[ >]/.test(figure)) {
    throw new DendriteError(
      'OPTION',
      `htmlReport(): figures of "${title}" must be what this package's functions return, got ${JSON.stringify(figure.slice(0, 40))}. Put text into \`text\`.`,
    );
  }
  return { markup: figure };
}
