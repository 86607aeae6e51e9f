/** What each published package needs of others when it runs, as installed: versions, sizes, and everything those need in turn. */
import { existsSync, globSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listed } from './listed.ts';

export interface Dependency {
  /** The package of ours. */
  readonly of: string;
  readonly name: string;
  readonly optional: boolean;
  /** undefined: it is not installed here. */
  readonly installed?: { readonly version: string; readonly bytes: number; readonly needs: readonly string[] };
}
export interface DependencyReport {
  readonly packages: readonly string[];
  readonly dependencies: readonly Dependency[];
  /** One line each. */
  readonly faults: readonly string[];
}

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}
const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

export function findDependencies(root: string, allowed: typeof listed = listed): DependencyReport {
  const folders = globSync(join(root, 'packages', '*')).filter((folder) => existsSync(join(folder, 'package.json')));
  const published = folders
    .map((folder) => ({ folder, manifest: manifestOf(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
  const ours = new Set(published.map(({ manifest }) => manifest.name));
  const dependencies = published.flatMap(({ folder, manifest }) =>
    foreign(manifest, ours).map(({ name, optional }): Dependency => {
      const at = installedAt(name, folder);
      return { of: manifest.name, name, optional, ...(at !== undefined && { installed: installation(at) }) };
    }),
  );
  const faults = dependencies.flatMap(({ of, name, optional }) => {
    const known = allowed[of]?.[name];
    if (known === undefined) return [`${of} needs ${name}, which tools/deps/listed.ts does not list for it`];
    return known.optional === optional
      ? []
      : [`${of} must need ${name} ${known.optional ? 'optionally' : 'always'}, as tools/deps/listed.ts says`];
  });
  for (const [of, names] of Object.entries(allowed))
    for (const name of Object.keys(names))
      if (!dependencies.some((each) => each.of === of && each.name === name))
        faults.push(`tools/deps/listed.ts lists ${name} for ${of}, which does not need it. Take the row out`);
  return { packages: published.map(({ manifest }) => manifest.name), dependencies, faults };
}

function foreign(manifest: Manifest, ours: ReadonlySet<string>): { name: string; optional: boolean }[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const optional = (name: string): boolean =>
    name in optionalDependencies || (name in peerDependencies && peerDependenciesMeta[name]?.optional === true);
  const names = [dependencies, optionalDependencies, peerDependencies].flatMap((each) => Object.keys(each));
  return [...new Set(names)]
    .filter((name) => !ours.has(name))
    .sort()
    .map((name) => ({ name, optional: optional(name) }));
}

/** The folder of a package as another one finds it. */
function installedAt(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const at = join(folder, 'node_modules', name);
    if (existsSync(join(at, 'package.json'))) return realpathSync(at);
    if (dirname(folder) === folder) return undefined;
  }
}

/** Sizes are of the files of the package and of all that it needs. */
function installation(folder: string): NonNullable<Dependency['installed']> {
  const seen = new Map<string, string>();
  const visit = (at: string): void => {
    const { name, dependencies = {} } = manifestOf(at);
    if (seen.has(at)) return;
    seen.set(at, name);
    for (const each of Object.keys(dependencies)) {
      const next = installedAt(each, at);
      if (next !== undefined) visit(next);
    }
  };
  visit(folder);
  return {
    version: manifestOf(folder).version,
    bytes: [...seen.keys()].reduce((sum, at) => sum + sizeOf(at), 0),
    needs: [...seen.values()].slice(1).sort(),
  };
}

function sizeOf(folder: string): number {
  return globSync('**/*', { cwd: folder, exclude: ['node_modules'] }).reduce((sum, path) => {
    const found = statSync(join(folder, path));
    return found.isFile() ? sum + found.size : sum;
  }, 0);
}
