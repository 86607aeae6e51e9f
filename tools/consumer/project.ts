// A user's project in an empty folder: installed with plain npm under the oldest Node, type-checked, run and bundled.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { readJson, root, run } from '../processes/processes.ts';
import { type Tarball, withNeeds } from './tarballs.ts';

/** What the user installs, and the program he writes. */
export interface Project {
  readonly install: readonly string[];
  readonly thirdParty: readonly string[];
  readonly snippet: string;
  /** Versions that one package, and nobody else, gets of another: package → what it needs → file. */
  readonly nested?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An installed project. Its functions throw with the output of what failed. */
export interface Installed {
  readonly folder: string;
  readonly packages: readonly string[];
  /** kB (1,000 bytes) of files in node_modules. */
  readonly kB: number;
  /** Leaves the JavaScript that `run` runs. */
  typeCheck(): Promise<void>;
  /** What the program printed. */
  run(): Promise<string>;
  /** kB gzip of everything a bundle of the program consists of. */
  bundle(): Promise<number>;
}

/** Writes and installs it. `node` is the folder that holds the Node to use. */
export async function installProject(
  folder: string,
  { install, thirdParty, snippet, nested = {} }: Project,
  tarballs: ReadonlyMap<string, Tarball>,
  node: string,
): Promise<Installed> {
  mkdirSync(folder, { recursive: true });
  const ours = withNeeds(install, tarballs);
  const files = (of: readonly Tarball[]): Record<string, string> =>
    Object.fromEntries(of.map(({ name, file }) => [name, `file:${file}`]));
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: files(ours.filter(({ name }) => install.includes(name))),
    // Nothing of ours is on the registry yet, so what the named packages need comes from files too.
    overrides: { ...files(ours.filter(({ name }) => !install.includes(name))), ...nested },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(join(folder, 'main.ts'), snippet);
  // --prefer-offline: what npm has already is not asked for again.
  const npm = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...thirdParty];
  await must('npm install', run('npm', npm, { cwd: folder, tools: node }));
  const modules = join(folder, 'node_modules');
  const lock = readJson<{ packages: Record<string, unknown> }>(join(modules, '.package-lock.json'));
  return {
    folder,
    packages: Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, '')),
    kB: bytesIn(modules) / 1000,
    typeCheck: () => typeCheck(folder, snippet),
    run: () => must('node', run('node', ['out/main.js'], { cwd: folder, tools: node })),
    bundle: () => bundle(folder),
  };
}

async function typeCheck(folder: string, snippet: string): Promise<void> {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    // Node 22 does not run .ts files; what TypeScript leaves of the snippet is its JavaScript.
    outDir: 'out',
    // Types of Node only for programs that use it: a page's author has none.
    types: /from 'node:/.test(snippet) ? ['node'] : [],
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['main.ts'] }, null, 2));
  await must('tsc', run('tsc', ['-p', 'tsconfig.json'], { cwd: folder }));
}

async function bundle(folder: string): Promise<number> {
  const outDir = join(folder, 'bundle');
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir,
      target: 'es2022',
      modulePreload: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1e6,
      rollupOptions: { input: join(folder, 'main.ts'), external: /^node:/ },
    },
  });
  let bytes = 0;
  for (const file of filesIn(outDir)) bytes += gzipSync(readFileSync(file), { level: 9 }).length;
  if (bytes === 0) throw new Error('vite: the bundle must hold something, got no bytes.');
  return bytes / 1000;
}

async function must(what: string, ending: ReturnType<typeof run>): Promise<string> {
  const { code, output } = await ending;
  if (code !== 0) throw new Error(`${what} ended with exit code ${code}.\n${output}`);
  return output;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
  });
const bytesIn = (folder: string): number => filesIn(folder).reduce((sum, file) => sum + statSync(file).size, 0);
