// `pnpm kits [--backend tfjs-webgpu] [--only ops|training] [--match text] [--seconds 300]`: the kits on one backend of this
// machine, a real GPU say, without a test runner. Prints what fails; exit code 1 if anything does. The last line is JSON.
import type { KitCase } from '@dendrite/conformance';
import { endWith, flags } from '../flags/flags.ts';
import { backendNames, isBackendName, openRuntime } from '../reference/machine.ts';
import { float32Failures } from './expected-failures.ts';
import { failuresOf } from './failures-of.ts';
import { opKit } from './op-kit.ts';
import { trainingKit } from './training-kit.ts';

const help = `kits [--backend tfjs-webgpu] [--only ops|training] [--match TEXT] [--seconds 300]

The conformance kits on one backend of this machine: ${backendNames.join(', ')}. Prints what fails; exit code 1 if anything does.`;
const { values } = flags({
  help,
  options: {
    backend: { type: 'string', default: 'tfjs-webgpu' },
    only: { type: 'string' },
    match: { type: 'string', default: '' },
    seconds: { type: 'string', default: 'Infinity' },
  },
});
const { backend, only, match } = values;
if (!isBackendName(backend)) endWith(help, `--backend must be one of ${backendNames.join(', ')}, got '${backend}'`);
if (only !== undefined && only !== 'ops' && only !== 'training')
  endWith(help, `--only must be ops or training, got '${only}'`);
if (!(Number(values.seconds) > 0)) endWith(help, `--seconds must be more than 0, got '${values.seconds}'`);

const runtime = await openRuntime(backend);
console.log(`${backend}: ${runtime.device.details}`);
await runtime.dispose();

const groups: Record<string, readonly KitCase[]> = {};
if (only !== 'training')
  groups.ops = (await opKit(backend, backend === 'cpu' ? {} : { expectedFailures: float32Failures })).cases;
if (only !== 'ops')
  for (const [of, cases] of Object.entries(await trainingKit(backend)))
    groups.training = [...(groups.training ?? []), ...cases.map(({ name, run }) => ({ name: `${of} ${name}`, run }))];

const started = performance.now();
const counts = { passed: 0, failed: 0, left: 0 };
for (const [name, cases] of Object.entries(groups)) {
  const own = { passed: 0, failed: 0, left: 0 };
  for (const each of cases.filter((one) => one.name.includes(match))) {
    if (performance.now() - started > 1000 * Number(values.seconds)) {
      own.left++;
      continue;
    }
    const failures = await failuresOf([each]);
    for (const failure of failures) console.log(`failed: ${failure}`);
    if (failures.length > 0) own.failed++;
    else own.passed++;
  }
  console.log(`${name}: ${own.passed} passed, ${own.failed} failed, ${own.left} left out for want of time`);
  for (const key of ['passed', 'failed', 'left'] as const) counts[key] += own[key];
}
console.log(JSON.stringify({ backend, ...counts, seconds: (performance.now() - started) / 1000 }));
// What a device of a peer keeps alive would hold the process.
process.exit(counts.failed > 0 ? 1 : 0);
