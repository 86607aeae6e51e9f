// Which powers the shipped sources use, and where: every file of a published package that is no test.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Power } from './table.ts';

export interface Found {
  readonly power: Power;
  /** Files that use it. */
  readonly files: readonly string[];
  /** Uses that no row allows, and rows that nothing uses. */
  readonly faults: readonly string[];
}

const unshipped = /\.(?:test|test-d|fixture|cases|bench|emit)\.ts$|\.browser\.|^packages\/tests\//;

/** Sources by path, without what is never packed. */
export function shippedSources(root: string): ReadonlyMap<string, string> {
  const paths = globSync('packages/*/src/**/*.ts', { cwd: root }).filter((path) => !unshipped.test(path));
  return new Map(paths.sort().map((path) => [path, withoutComments(readFileSync(join(root, path), 'utf8'))]));
}

export function findPowers(sources: ReadonlyMap<string, string>, powers: readonly Power[]): readonly Found[] {
  return powers.map((power) => {
    const files = [...sources].flatMap(([path, text]) => (power.pattern.test(text) ? [path] : []));
    return {
      power,
      files,
      faults: [
        ...files.filter((path) => !Object.hasOwn(power.allowed, path)).map((path) => `${path}: ${power.what}`),
        ...Object.keys(power.allowed)
          .filter((path) => !files.includes(path))
          .map((path) => `${path}: no longer ${power.what}; take its row out of tools/powers/table.ts`),
      ],
    };
  });
}

/** Block comments, and lines that are comments. What stands behind code on a line is kept: better one alarm too many. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
