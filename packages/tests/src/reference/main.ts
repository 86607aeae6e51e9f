// `pnpm reference <folder> [--backend name] [--out results.json]`: the cases of a folder of reference values through the public
// API. Exit code 1 on a failure; the last line is JSON.
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backendNames, isBackendName, Machine, openRuntime } from './machine.ts';
import { runFolder } from './run-folder.ts';

const usage = `Usage: pnpm reference <folder> [--backend ${backendNames.join('|')}] [--out results.json]`;

function fail(message: string): never {
  console.error(`reference: ${message}\n${usage}`);
  process.exit(2);
}

function readArguments(): { readonly folder: string; readonly backend: string; readonly out: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { backend: { type: 'string', default: 'cpu' }, out: { type: 'string' } },
    });
    const [folder, ...more] = positionals.filter((each) => each !== '--');
    if (folder === undefined || more.length > 0) fail('name one folder');
    return { folder, backend: values.backend, out: values.out };
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

const { folder, backend, out } = readArguments();
// pnpm may start a script elsewhere than where it was called.
const from = process.env.INIT_CWD ?? process.cwd();
const path = resolve(from, folder);
if (!existsSync(path)) fail(`the folder must exist, got ${path}`);
if (!isBackendName(backend)) fail(`--backend must be one of ${backendNames.join(', ')}, got '${backend}'`);

const runtime = await openRuntime(backend).catch((error: unknown) =>
  fail(error instanceof Error ? error.message : String(error)),
);
const { report, computed } = await runFolder(path, new Machine(runtime), (line) => console.log(line));
for (const [file, { passed, failed, missing, worst }] of Object.entries(report.files)) {
  const error = worst === null ? '' : `worst error ${worst.toExponential(2)}`;
  console.log(
    `${file.padEnd(12)} ${String(passed).padStart(3)} passed ${String(failed).padStart(3)} failed ${String(missing).padStart(3)} missing  ${error}`,
  );
}
if (out !== undefined) writeFileSync(resolve(from, out), JSON.stringify(computed));
const empty = report.passed + report.failed + report.missing === 0;
if (empty) console.error(`reference: ${path} must have a known file (activations.json, layers.json, …), got none`);
console.log(JSON.stringify(report));
await runtime.dispose();
process.exitCode = report.failed > 0 || empty ? 1 : 0;
