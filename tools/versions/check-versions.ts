/** The versions that sources name beside those of their package.json; and the sources made to agree. */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface VersionReport {
  /** Packages whose sources name their version. */
  readonly named: number;
  readonly faults: readonly string[];
}

const own = /(export const version = ')([^']*)(';)/;
/** A version that stands anywhere else will be forgotten at the next release. */
const elsewhere = /\bversion: ['"]\d+\.\d+\.\d+/;

/** @param options.write  makes `src/version.ts` agree instead of telling */
export function checkVersions(root: string, { write = false }: { readonly write?: boolean } = {}): VersionReport {
  const faults: string[] = [];
  let named = 0;
  for (const manifest of globSync('packages/*/package.json', { cwd: root }).sort()) {
    const folder = manifest.slice(0, -'/package.json'.length);
    const { version, private: unpublished = false }: { readonly version?: string; readonly private?: boolean } =
      JSON.parse(readFileSync(join(root, manifest), 'utf8'));
    if (unpublished) continue;
    const path = `${folder}/src/version.ts`;
    if (version !== undefined && existsSync(join(root, path))) {
      named++;
      const text = readFileSync(join(root, path), 'utf8');
      const [, , found] = own.exec(text) ?? [];
      if (found === undefined)
        faults.push(`${path} must hold export const version = '${version}'; it holds no version`);
      else if (found !== version && write) writeFileSync(join(root, path), text.replace(own, `$1${version}$3`));
      else if (found !== version)
        faults.push(`${path} must hold the package's version ${version}, it holds ${found}: run versions --write`);
    }
    for (const source of globSync(`${folder}/src/**/*.ts`, { cwd: root }).sort())
      if (!/\.(test|test-d|fixture|cases)\.ts$/.test(source) && elsewhere.test(code(join(root, source))))
        faults.push(`${source} must take its version from ${path}, it writes one out`);
  }
  return { named, faults };
}

/** Without comments: an example may name a version. */
const code = (path: string): string => readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
