/** Reads markup in tests: what is in it, and whether every tag that opens closes. */

/** Attributes of every `<name …>`, in order. */
export function elementsOf(markup: string, name: string): Record<string, string>[] {
  return [...markup.matchAll(new RegExp(`<${name}(?=[\\s/>])([^>]*?)/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries(
      [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    ),
  );
}

/** What stands in text elements, tooltips left out. */
export const textsOf = (markup: string): string[] =>
  [...markup.matchAll(/<text[^>]*>([^<]*)/g)].map(([, value = '']) => value);

/** Names of elements that open and do not close in order; none in good markup. */
export function unbalanced(markup: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, closing, name = '', alone] of markup.matchAll(/<(\/?)([a-zA-Z][\w-]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (alone === '/') continue;
    if (closing === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

/** Text that would run or break out, were it not escaped. */
export const EVIL = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&\0`;
