// `pnpm reference-in-chromium <folder> [--backend wasm-3]`: what `pnpm reference` does, in a worker of a page of a Chromium that is
// cross-origin isolated. Exit code 1 on a failure; the last line is JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build } from 'vite';
import { chromiumArguments, findChromium, installChromium } from '../chromium/chromium.ts';
import { root } from '../processes/processes.ts';

/** What the worker posts; see packages/tests/src/browser/reference-in-worker.ts. */
interface Found {
  readonly details: string;
  readonly lines: readonly string[];
  readonly report?: { readonly passed: number; readonly failed: number; readonly missing: number };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { backend: { type: 'string', default: 'wasm' } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('reference-in-chromium: name one folder.');
const executablePath = findChromium();
if (executablePath === undefined)
  throw new Error(`reference-in-chromium: there must be a Chromium. Install one: ${installChromium}`);

const from = resolve(process.env.INIT_CWD ?? process.cwd(), folder);
const names = readdirSync(from).filter((name) => name.endsWith('.json'));
const texts = Object.fromEntries(
  names.map((name) => [name.slice(0, -'.json'.length), readFileSync(join(from, name), 'utf8')]),
);
const address = await serve(await scripts('packages/tests/src/browser/reference-in-worker.ts'));
const browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
const page = await browser.newPage();
await page.goto(address);
const { details, lines, report } = await page.evaluate(
  (task) =>
    new Promise<Found>((done, fail) => {
      const worker = new Worker('/worker.js', { type: 'module' });
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = ({ message }) => fail(new Error(message));
      worker.postMessage(task);
    }),
  { texts, backend: values.backend },
);
await browser.close();
for (const line of lines) console.log(line);
console.log(`${values.backend} in Chromium: ${details}`);
console.log(JSON.stringify(report ?? { passed: 0, failed: 1, missing: 0 }));
process.exit(report === undefined || report.failed > 0 || report.passed === 0 ? 1 : 0);

/** The worker's program and what it loads later, by path. */
async function scripts(entry: string): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@dendrite/source', 'module', 'browser', 'import', 'default'] },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: { input: { worker: join(root, entry) }, output: { entryFileNames: '[name].js' } },
    },
  });
  const made = Array.isArray(result) ? result : 'output' in result ? [result] : [];
  const chunks = made.flatMap(({ output }) => output).filter((each) => each.type === 'chunk');
  return new Map(chunks.map(({ fileName, code }) => [`/${fileName}`, code]));
}

/** The address of an empty page beside these scripts. */
async function serve(files: ReadonlyMap<string, string>): Promise<string> {
  const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  const server = createServer(({ url = '/' }, response) => {
    const code = files.get(url);
    const type = code === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { 'Content-Type': type, ...isolation }).end(code ?? '<!doctype html>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const bound = server.address();
  return `http://localhost:${typeof bound === 'object' ? bound?.port : ''}/`;
}
