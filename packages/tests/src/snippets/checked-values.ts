/** Values that a snippet claims: `expression; // value` becomes a check of the value. */

/** A literal after `//`: a number, text, list or object; `…` at the end of a number means "and more digits". */
function claimed(comment: string): string | undefined {
  const digits = /^(-?\d+\.\d+)…$/.exec(comment)?.[1];
  if (digits !== undefined) return `{ '~digits': '${digits}' }`;
  if (!/^(-?[\d.]|['"[{]|(true|false|null|NaN|-?Infinity)$)/.test(comment)) return undefined;
  try {
    // Only literals have a value here: names are unknown, and sentences do not parse.
    const literal = comment.replace(/\b\w+Array(\(\d+\))? (?=\[)/g, ''); // as Node prints typed arrays
    new Function(`'use strict'; return (${literal});`)();
    return literal;
  } catch {
    return undefined;
  }
}

/** Whether every bracket that the text opens is closed in it. */
function balanced(text: string): boolean {
  const open: string[] = [];
  for (const c of text.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, '')) {
    if ('([{'.includes(c)) open.push(c);
    else if (')]}'.includes(c) && !['()', '[]', '{}'].includes(`${open.pop()}${c}`)) return false;
  }
  return open.length === 0;
}

const statement = /^(import|export|return|if|for|while|throw|const|let|var|type|interface|class|function|async)\b/;

/** The code with `check(line, value, claim)` in place of each claim; `lines` are those that claim something. */
export function withChecks(
  code: string,
  firstLine: number,
): { readonly code: string; readonly lines: readonly number[] } {
  const lines: number[] = [];
  const made = code.split('\n').map((text, i) => {
    const [, indent = '', expression = '', comment = ''] = /^(\s*)(\S.*?);\s*\/\/ (.+)$/.exec(text) ?? [];
    const claim = claimed(comment.trim());
    if (claim === undefined || !balanced(expression)) return text;
    const shown = /^console\.log\((.+)\)$/.exec(expression)?.[1] ?? expression;
    const name = /^const (\w+)\b[^=]*= /.exec(expression)?.[1];
    if (name === undefined && statement.test(expression)) return text;
    lines.push(firstLine + i);
    const check = `globalThis['~check'](${firstLine + i}, ${name ?? shown}, ${claim});`;
    return name === undefined ? `${indent}${check}` : `${text}\n${indent}${check}`;
  });
  return { code: made.join('\n'), lines };
}
