/**
 * Markup that cannot be broken out of: an element's text children and attribute values are escaped here and nowhere else,
 * and only what `element` made passes as markup.
 */

/** Text that is already markup. */
export interface Markup {
  readonly markup: string;
}
export type Child = Markup | string | number | undefined;
export type AttributeValues = Readonly<Record<string, string | number | undefined>>;

/** `<name attributes>children</name>`; what is undefined is left out, numbers have at most two decimals. */
export function element(name: string, attributes: AttributeValues = {}, ...children: readonly Child[]): Markup {
  let open = `<${name}`;
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) open += ` ${attribute}="${typeof value === 'number' ? round(value) : escapeText(value)}"`;
  }
  const inside = joined(children).markup;
  return { markup: inside === '' && ALONE.has(name) ? `${open}/>` : `${open}>${inside}</${name}>` };
}

/** One after the other. */
export const joined = (children: readonly Child[]): Markup => ({ markup: children.map(inner).join('') });

// In HTML an empty element without a closing tag swallows what follows it, unless it is one of these.
const ALONE = new Set(['circle', 'image', 'line', 'meta', 'path', 'polygon', 'rect']);

function inner(child: Child): string {
  if (child === undefined) return '';
  return typeof child === 'object' ? child.markup : escapeText(String(child));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Any text as text of HTML, SVG or an attribute. What XML forbids (control characters, half surrogate pairs) becomes U+FFFD. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replace(FORBIDDEN, '\ufffd');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu;

/** A coordinate: two decimals are less than a pixel of any screen. */
const round = (value: number): string => String(Math.round(value * 100) / 100);
