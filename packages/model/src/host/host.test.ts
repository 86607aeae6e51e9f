/** What a file says of the machine and the program that made it. */
import { expect, test } from 'vitest';
import { host } from './host.ts';

test('Node, and this machine', () => {
  const { processor, runtime } = host();
  expect(runtime).toBe(`Node ${process.versions.node}`);
  expect(processor.startsWith(`${process.platform} ${process.arch}`)).toBe(true);
});

const linux = { platform: 'linux', arch: 'arm64' };
test.each([
  [
    'Bun with a processor that tells its name',
    {
      process: {
        ...linux,
        versions: { node: '24.0.0', bun: '1.3.0' },
        getBuiltinModule: () => ({ cpus: () => [{ model: ' Neoverse-N1  r3p1 ' }] }),
      },
    },
    { processor: 'linux arm64, Neoverse-N1 r3p1', runtime: 'Bun 1.3.0' },
  ],
  [
    'Deno where no processor is told',
    {
      process: { ...linux, versions: { node: '24.0.0', deno: '2.5.0' }, getBuiltinModule: () => ({ cpus: () => [] }) },
    },
    { processor: 'linux arm64', runtime: 'Deno 2.5.0' },
  ],
  [
    'an old Node',
    { process: { ...linux, versions: { node: '22.0.0' } } },
    { processor: 'linux arm64', runtime: 'Node 22.0.0' },
  ],
  [
    'a page, whose bundler pretends to be Node',
    {
      process: { ...linux, versions: undefined },
      navigator: { platform: 'Linux x86_64', userAgent: 'Mozilla/5.0 (X11)' },
    },
    { processor: 'Linux x86_64', runtime: 'Mozilla/5.0 (X11)' },
  ],
  ['a place that tells nothing', {}, { processor: 'unknown', runtime: 'unknown' }],
])('%s', (_, surroundings, told) => {
  expect(host(surroundings as Parameters<typeof host>[0])).toEqual(told);
});
