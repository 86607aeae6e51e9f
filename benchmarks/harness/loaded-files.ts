// Which files of a bundled program are fetched to do one job: the program runs it in a fresh process, and each file that is
// imported, at once or later, is written down. What is never asked for, a page never loads.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Bundled } from './bundled.ts';

export interface Loaded {
  readonly files: readonly string[];
  /** Bytes of these files, each compressed by itself. */
  readonly gzip: number;
}

/** @param job  the body of an async function of `program`, what the entry exports, and `input` */
export function loadedFiles({ files }: Bundled, job: string, input: unknown): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'dendrite-page-'));
  try {
    writeBundle(files, folder);
    const entry = pathToFileURL(join(folder, files[0]?.name ?? '')).href;
    writeFileSync(
      join(folder, 'main.js'),
      `import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
const program = await import(${JSON.stringify(entry)});
const input = ${JSON.stringify(input)};
await (async () => { ${job} })();
console.log(JSON.stringify(loaded.filter((url) => url.startsWith('file:'))));
process.exit();`,
    );
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, 'main.js')], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`page: the job must end well, got ${stderr.slice(0, 500)}`);
    const urls = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as readonly string[];
    const names = urls.map((url) => relative(folder, fileURLToPath(url)));
    const fetched = files.filter(({ name }) => names.includes(name));
    return {
      files: fetched.map(({ name }) => name),
      gzip: fetched.reduce((sum, { code }) => sum + gzipSync(code).byteLength, 0),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Puts a bundle's files in a folder, as modules. */
export function writeBundle(files: Bundled['files'], folder: string): void {
  for (const { name, code } of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}
