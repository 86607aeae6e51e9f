/** Type-checks snippets in one run of tsc, and executes them one after another in one process of plain Node. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import { withChecks } from './checked-values.ts';
import { root, type Snippet } from './find-snippets.ts';

/** Under node_modules of this package, so that all packages are found from there. */
const folder = join(import.meta.dirname, '../../node_modules/.cache/snippets');

/** What is wrong with each snippet; empty where nothing is. */
export type Faults = ReadonlyMap<Snippet, readonly string[]>;

const fileOf = (snippet: Snippet, n: number): string =>
  `${String(n).padStart(3, '0')}-${snippet.file.replace(/[^a-z0-9]+/gi, '-')}-${snippet.line}`;

function prepare(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'work'), { recursive: true });
}

/** Errors of tsc, by snippet, with lines of the snippet's own file. */
export function typeFaults(snippets: readonly Snippet[]): Faults {
  prepare();
  const names = snippets.map((snippet, n) => {
    const name = `${fileOf(snippet, n)}.ts`;
    // Empty lines in front make tsc's line numbers those of the README or source file.
    writeFileSync(join(folder, name), `${'\n'.repeat(snippet.line - 1)}${snippet.code}\nexport {};\n`);
    return name;
  });
  const config = {
    extends: relative(folder, join(root, 'tsconfig.base.json')),
    compilerOptions: {
      declaration: false,
      isolatedDeclarations: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      types: ['@types/node', '@webgpu/types'].map((name) => join(root, 'node_modules', name)),
    },
    files: names,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '--pretty', 'false', '-p', folder], {
    cwd: folder,
    encoding: 'utf8',
  });
  const faults = new Map<Snippet, string[]>();
  const other: string[] = [];
  for (const line of tsc.stdout.split('\n')) {
    const [, name = '', at = '', text = ''] = /^(\S+?\.ts)\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
    const snippet = snippets[names.indexOf(name)];
    if (snippet) faults.set(snippet, [...(faults.get(snippet) ?? []), `${snippet.file}:${at}: ${text}`]);
    else if (line.includes('error')) other.push(line);
  }
  if (tsc.status !== 0 && faults.size === 0) throw new Error(`tsc: ${other.join('\n')}${tsc.stderr}`);
  return faults;
}

const runner = `
import { setDefaultRuntime } from '@dendrite/core';
import { isDeepStrictEqual } from 'node:util';

const isList = (value) => Array.isArray(value) || ArrayBuffer.isView(value);
// Numbers as float32 has them; typed arrays as lists.
const same = (found, claim) => {
  if (typeof found === 'number' && typeof claim === 'number')
    return Object.is(found, claim) || Math.abs(found - claim) <= 1e-6 * Math.max(1, Math.abs(claim));
  if (isList(found) && isList(claim)) return found.length === claim.length && claim.every((each, i) => same(found[i], each));
  if (found && claim && typeof found === 'object' && typeof claim === 'object' && !isList(found)) {
    const names = Object.keys(claim);
    return Object.keys(found).length === names.length && names.every((name) => same(found[name], claim[name]));
  }
  return isDeepStrictEqual(found, claim);
};
const results = [];
const { log } = console;
for (const name of ['log', 'info', 'warn', 'error', 'table']) console[name] = () => {};
for (const file of JSON.parse(process.argv[2])) {
  const faults = [];
  const checked = [];
  globalThis['~check'] = (line, value, claim) => {
    checked.push(line);
    const digits = claim?.['~digits'];
    if (digits === undefined ? !same(value, claim) : !String(value).startsWith(digits))
      faults.push([line, 'says ' + (digits ?? JSON.stringify(claim)) + ', got ' + JSON.stringify(value)]);
  };
  const started = performance.now();
  try {
    await import('./' + file);
  } catch (error) {
    faults.push([null, error?.stack ?? String(error)]);
  }
  setDefaultRuntime(undefined);
  results.push({ faults, checked, ms: performance.now() - started });
}
log(JSON.stringify(results));
process.exit(0);
`;

interface Result {
  readonly faults: readonly (readonly [line: number | null, text: string])[];
  readonly checked: readonly number[];
  readonly ms: number;
}

/** What snippets throw, and values they claim but do not give. */
export function runFaults(snippets: readonly Snippet[]): Faults {
  mkdirSync(join(folder, 'work'), { recursive: true });
  const claims = snippets.map((snippet, n) => {
    const { code, lines } = withChecks(snippet.code, snippet.line);
    writeFileSync(join(folder, `${fileOf(snippet, n)}.mjs`), stripTypeScriptTypes(`${code}\n`));
    return lines;
  });
  writeFileSync(join(folder, 'runner.mjs'), runner);
  const files = snippets.map((snippet, n) => `${fileOf(snippet, n)}.mjs`);
  const node = spawnSync(
    process.execPath,
    ['--conditions=@dendrite/source', '--no-warnings', join(folder, 'runner.mjs'), JSON.stringify(files)],
    { cwd: join(folder, 'work'), encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (node.status !== 0) throw new Error(`snippets stopped: ${node.stderr.slice(-2000)}`);
  const results = JSON.parse(node.stdout) as readonly Result[];
  return new Map(
    snippets.map((snippet, n) => {
      const { faults, checked } = results[n] as Result;
      const missed = faults.length > 0 ? [] : (claims[n] ?? []).filter((line) => !checked.includes(line));
      return [
        snippet,
        [
          ...faults.map(([line, text]) => `${snippet.file}:${line ?? snippet.line}: ${text}`),
          ...missed.map((line) => `${snippet.file}:${line}: was never reached`),
        ],
      ];
    }),
  );
}
