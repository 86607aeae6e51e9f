import { expect, test } from 'vitest';
import { type Tarball, withNeeds } from './tarballs.ts';

const tarballs = new Map(
  Object.entries({ nn: ['core', 'model'], core: ['spec'], model: ['spec'], spec: [] }).map(
    ([name, needs]): [string, Tarball] => [name, { name, needs, version: '1.0.0', file: `${name}.tgz` }],
  ),
);

test('a package comes with all that it needs, each once', () => {
  expect(withNeeds(['nn', 'spec'], tarballs).map(({ name }) => name)).toEqual(['nn', 'spec', 'core', 'model']);
  expect(withNeeds([], tarballs)).toEqual([]);
});

test('a package that is not published here is named', () => {
  expect(() => withNeeds(['nn', 'leftpad'], tarballs)).toThrow('leftpad must be a package that is published here');
});
