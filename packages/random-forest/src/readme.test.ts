import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('the README’s example is the one that is checked, and it runs', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = await readFile(new URL('readme-example.fixture.ts', import.meta.url), 'utf8');
  expect(/```ts\n(.*?)```/s.exec(readme)?.[1]).toBe(example);
  // It throws where an answer is wrong.
  await import('./readme-example.fixture.ts');
});
