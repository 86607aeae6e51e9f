/** The audit beside a registry of the test's own, which tells, refuses or is not there. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from './audit.ts';

const advisory = {
  ...{ id: 7, url: 'https://example.org/7', title: 'Reads too far', severity: 'high' },
  vulnerable_versions: '<1.0.1',
};
/** What each registry says when it is asked for advisories; undefined: it refuses. */
const told: Readonly<Record<string, object | undefined>> = { tells: { parser: [advisory] }, refuses: undefined };

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer(({ method, url = '' }, response) => {
    const answer = (status: number, json?: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(json && JSON.stringify(json));
    };
    const [, registry = '', name] = url.split('/');
    if (method === 'POST') return answer(told[registry] ? 200 : 405, told[registry]);
    if (name !== 'parser') return answer(404, {});
    const dist = { tarball: `${origin}/parser.tgz`, shasum: 'f'.repeat(40) };
    const versions = { '1.0.0': { name, version: '1.0.0', dist } };
    return answer(200, { name, 'dist-tags': { latest: '1.0.0' }, versions });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test.concurrent.each([
  ['tells', 'parser', 1, /^advisories: 1\n {2}parser \*: high, Reads too far https:\/\/example\.org\/7$/],
  ['refuses', 'parser', undefined, /^advisories: unknown \(405 Method Not Allowed\)$/],
  ['does not know it', 'other', undefined, /^advisories: unknown \(404 Not Found/],
])('a registry that %s', { timeout: 30_000 }, async (registry, name, count, says) => {
  const { found, text } = await audit({ [name]: '1.0.0' }, { registry: `${origin}/${registry.split(' ')[0]}/` });
  expect(found).toBe(count);
  expect(text).toMatch(says);
});
