// `pnpm deps [--offline]`: what each published package needs of others when it runs: version, size with all that it needs in turn, its
// last release and advisories, which npm is asked for ("unknown" where nobody answers). Exit code 1 for one that `listed.ts` does not
// list, and for an advisory.
// In `check` it is run without the network, as `deps-listed`.
import { flags } from '../../packages/tests/src/flags/flags.ts';
import { root, run } from '../processes/processes.ts';
import { audit } from './audit.ts';
import { findDependencies } from './find-dependencies.ts';
import { listed } from './listed.ts';

const help = `deps [--offline]

What each published package needs of others when it runs: version, size with all that it needs in turn, its last release
and what is known against it, which npm is asked for.
  --offline  asks nobody
Exit code 1 for a dependency that tools/deps/listed.ts does not list, and for an advisory.`;
const { offline } = flags({ help, options: { offline: { type: 'boolean', default: false } } }).values;
const { packages, dependencies, faults: unlisted } = findDependencies(root);
const faults = [...unlisted];
const names = [...new Set(dependencies.map(({ name }) => name))];
const released = new Map(
  offline ? [] : await Promise.all(names.map(async (name) => [name, await lastRelease(name)] as const)),
);
for (const of of packages) {
  const own = dependencies.filter((each) => each.of === of);
  console.log(`${of.padEnd(28)} ${own.length === 0 ? 'nothing but packages of ours' : ''}`.trimEnd());
  for (const { name, optional, installed } of own) {
    const size = installed ? `${(installed.bytes / 1e6).toFixed(1)} MB` : 'not installed';
    const more = installed && installed.needs.length > 0 ? ` with ${installed.needs.length} more` : '';
    const date = offline ? '' : `, last release ${released.get(name) ?? 'unknown'}`;
    const why = listed[of]?.[name]?.why ?? 'not listed';
    console.log(
      `  ${name.padEnd(34)} ${(installed?.version ?? '').padEnd(8)} ${size}${more}${date}${optional ? ', optional' : ''}: ${why}`,
    );
  }
}
if (!offline) {
  console.log('days are those that the registry tells; a mirror may tell when it took a version over');
  const versions = dependencies.flatMap(({ name, installed }) =>
    installed ? [[name, installed.version] as const] : [],
  );
  const { found, text } = await audit(Object.fromEntries(versions));
  console.log(text);
  if (found) faults.push(`${found} of these packages have advisories. Update them, or do without`);
}
const always = dependencies.filter(({ optional }) => !optional).length;
console.log(`${packages.length} packages, ${always} dependencies, ${dependencies.length - always} optional ones`);
for (const fault of faults) console.error(`deps: ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** The newest version and its day, as npm's own registry tells them; undefined where it does not. */
async function lastRelease(name: string): Promise<string | undefined> {
  const asked = ['view', name, 'version', 'time', '--json', '--fetch-timeout=8000', '--fetch-retries=0'];
  const { code, output } = await run('npm', asked);
  if (code !== 0) return undefined;
  try {
    const { version, time }: { version?: string; time?: Record<string, string> } = JSON.parse(output);
    const day = version === undefined ? undefined : time?.[version]?.slice(0, 10);
    return day === undefined ? undefined : `${version} of ${day}`;
  } catch {
    return undefined;
  }
}
