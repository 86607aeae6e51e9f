// Our packages packed as they would be published, and one of them under another version.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, pnpm, publicPackages, readJson, run } from '../processes/processes.ts';

/** A packed package: its file, and what of ours it needs. */
export interface Tarball {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly needs: readonly string[];
}

/** Builds and packs every published package into `folder`. Building is turbo's, so a repeat costs little. */
export async function packAll(folder: string): Promise<Map<string, Tarball>> {
  const built = await pnpm(['--silent', 'run', 'build']);
  if (built.code !== 0) throw new Error(`consumer: the build failed.\n${built.output}`);
  const tarballs = new Map<string, Tarball>();
  const packages = publicPackages();
  for (let at = 0; at < packages.length; at += 2)
    await Promise.all(
      packages.slice(at, at + 2).map(async ({ name, folder: source, manifest }) => {
        const target = join(folder, name);
        const packed = await pnpm(['pack', '--pack-destination', target], { cwd: source });
        const [file] = packed.code === 0 ? readdirSync(target) : [];
        if (file === undefined) throw new Error(`consumer: ${name} could not be packed.\n${packed.output}`);
        const needs = Object.keys(manifest.dependencies ?? {}).filter((other) => other.startsWith('@dendrite/'));
        tarballs.set(manifest.name, {
          name: manifest.name,
          version: manifest.version,
          file: join(target, file),
          needs,
        });
      }),
    );
  return tarballs;
}

/** The same package with another version in its package.json. */
export async function packAgain(tarball: Tarball, version: string, folder: string): Promise<Tarball> {
  mkdirSync(folder, { recursive: true });
  await tar(['-xzf', tarball.file, '-C', folder]);
  const path = join(folder, 'package', 'package.json');
  const manifest = readJson<Manifest>(path);
  writeFileSync(path, JSON.stringify({ ...manifest, version }, null, 2));
  const file = join(folder, `again-${version}.tgz`);
  await tar(['-czf', file, '-C', folder, 'package']);
  return { ...tarball, version, file };
}

/** `names` and all of ours that they need, themselves first. */
export function withNeeds(names: readonly string[], tarballs: ReadonlyMap<string, Tarball>): Tarball[] {
  const found = new Map<string, Tarball>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    const tarball = tarballs.get(name);
    if (tarball === undefined) throw new Error(`consumer: ${name} must be a package that is published here.`);
    found.set(name, tarball);
  };
  for (const name of names) visit(name);
  for (const { needs } of found.values()) for (const name of needs) visit(name);
  return [...found.values()];
}

async function tar(args: readonly string[]): Promise<void> {
  const { code, output } = await run('tar', args);
  if (code !== 0) throw new Error(`consumer: tar failed.\n${output}`);
}
