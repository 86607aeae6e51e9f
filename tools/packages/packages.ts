// `pnpm packages`: packs every published package as it would be published and has publint and attw judge the tarball.
// Needs `pnpm build` first. One row a package; exit code 1 on a fault.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PublicPackage, pnpm, publicPackages, run } from '../processes/processes.ts';

const packages = publicPackages();
const work = mkdtempSync(join(tmpdir(), 'dendrite-packages-'));
let faults = 0;
try {
  // Two at a time: packing and attw keep one core busy each.
  for (let at = 0; at < packages.length; at += 2) {
    for (const { name, problems } of await Promise.all(packages.slice(at, at + 2).map(judge))) {
      console.log(`${name.padEnd(16)} ${problems.length === 0 ? 'ok' : 'FAULT'}`);
      for (const problem of problems) console.error(problem);
      if (problems.length > 0) faults++;
    }
  }
} finally {
  rmSync(work, { recursive: true });
}
if (packages.length === 0) console.error('No published package was found: the check looked in the wrong place.');
console.log(`packages: ${packages.length} packed and judged, ${faults} with faults`);
process.exitCode = faults > 0 || packages.length === 0 ? 1 : 0;

async function judge({ name, folder }: PublicPackage): Promise<{ name: string; problems: string[] }> {
  const target = join(work, name);
  const packed = await pnpm(['pack', '--pack-destination', target], { cwd: folder });
  if (packed.code !== 0) return { name, problems: [packed.output] };
  const [tarball] = readdirSync(target);
  const problems: string[] = [];

  const lint = await run('publint', ['run', join(target, tarball ?? ''), '--strict']);
  if (lint.code !== 0) problems.push(lint.output);

  // esm-only: these packages have no CommonJS side, and no support for resolution from before `exports`.
  const types = await run('attw', [
    join(target, tarball ?? ''),
    '--profile',
    'esm-only',
    '--format',
    'ascii',
    '--no-emoji',
  ]);
  if (types.code !== 0) problems.push(types.output);

  const files = (await run('tar', ['-tzf', join(target, tarball ?? '')])).output.split('\n');
  for (const needed of ['package/README.md', 'package/LICENSE', 'package/dist/index.js', 'package/dist/index.d.ts']) {
    if (!files.includes(needed)) problems.push(`${name}: the tarball lacks ${needed}`);
  }
  const stray = files.filter((file) => /\.(test|test-d|bench)\.|\/src\//.test(file));
  if (stray.length > 0) problems.push(`${name}: the tarball holds files that nobody needs: ${stray.join(', ')}`);
  const manifest = (await run('tar', ['-xzOf', join(target, tarball ?? ''), 'package/package.json'])).output;
  // Scripts are of use in this workspace alone: what a user's tools read must not need it.
  const { scripts: _, ...read } = JSON.parse(manifest) as Readonly<Record<string, unknown>>;
  if (/@dendrite\/source|workspace:|catalog:/.test(JSON.stringify(read)))
    problems.push(`${name}: the packed package.json still speaks of this workspace`);
  return { name, problems };
}
