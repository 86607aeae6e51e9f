// Starts other programs for the tools: their output is collected, and pnpm is found however the tool was started.
import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The root folder of the repository. */
export const root: string = join(import.meta.dirname, '..', '..');

const toldToScripts = /^npm_(package_|lifecycle_|command$|execpath$|node_execpath$|config_(user_agent|local_prefix)$)/;

/** How a program ended: its exit code (1 where it could not start) and everything it printed. */
export interface Ended {
  code: number;
  output: string;
}

/**
 * Runs a program to its end in `cwd` (the root by default) with its standard output and error joined. `tools` is the folder
 * that is looked through first for programs, the repository's own by default.
 */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; tools?: string } = {},
): Promise<Ended> {
  return new Promise((done) => {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NO_COLOR: '1',
      DO_NOT_TRACK: '1',
      TURBO_TELEMETRY_DISABLED: '1',
      ...options.env,
    };
    delete env.FORCE_COLOR; // Node warns when both are set
    // Whoever looks for tools elsewhere plays a user, whose shell lacks what npm and pnpm tell their scripts. Settings stay.
    if (options.tools !== undefined)
      for (const name of Object.keys(env)) if (toldToScripts.test(name)) delete env[name];
    env.PATH = `${options.tools ?? join(root, 'node_modules', '.bin')}:${env.PATH ?? ''}`;
    const child = spawn(command, args, { cwd: options.cwd ?? root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => done({ code: 1, output: `${output}${error.message}\n` }));
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

/** Runs pnpm: the one that started this tool, else the pinned one through npx. */
export function pnpm(args: readonly string[], options: { cwd?: string } = {}): Promise<Ended> {
  if (process.env.npm_config_user_agent?.startsWith('pnpm/')) return run('pnpm', args, options);
  const { packageManager }: { packageManager: string } = readJson(join(root, 'package.json'));
  return run('npx', ['-y', packageManager, ...args], options);
}

/** A package of the workspace that is published. */
export interface PublicPackage {
  name: string;
  folder: string;
  manifest: Manifest;
}

/** The part of a package.json that the tools read. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  exports?: Record<string, unknown>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** Every published package, by name. */
export function publicPackages(): PublicPackage[] {
  return globSync(join(root, 'packages', '*'))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .sort()
    .map((folder) => ({ name: basename(folder), folder, manifest: readJson<Manifest>(join(folder, 'package.json')) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** A JSON file, taken to be what the caller says it is. */
export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8'));
}
