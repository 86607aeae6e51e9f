/** Every case of every known file, on one backend. */
import type { HostTensor } from '@dendrite/spec';
import { runActivation } from './activations.ts';
import { runAttention } from './attention.ts';
import { runClipping } from './clipping.ts';
import { runLayer } from './layers.ts';
import { runLoss } from './losses.ts';
import type { Machine } from './machine.ts';
import { runMetrics } from './metrics.ts';
import { runOptimizer } from './optimizers.ts';
import { runRecurrent } from './recurrent.ts';
import { NotBuilt, type ReferenceCase, readCases } from './reference-case.ts';
import { judge, type Results } from './results.ts';
import { runSchedule } from './schedules.ts';

type Runner = (machine: Machine, each: ReferenceCase) => Promise<Results>;

/** File → what runs its cases. */
const runners: Readonly<Record<string, Runner>> = {
  activations: runActivation,
  attention: runAttention,
  clipping: runClipping,
  layers: runLayer,
  losses: runLoss,
  metrics: runMetrics,
  optimizers: runOptimizer,
  recurrent: runRecurrent,
  schedules: runSchedule,
};

export interface FileReport {
  readonly passed: number;
  readonly failed: number;
  readonly missing: number;
  /** Largest error, relative to the largest value of its tensor; null where nothing was compared or a value was not finite. */
  readonly worst: number | null;
}
export interface FolderReport {
  readonly files: Readonly<Record<string, FileReport>>;
  readonly passed: number;
  readonly failed: number;
  readonly missing: number;
}
/** File → case → name → value. */
export type Computed = Record<
  string,
  Record<string, Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>>
>;

/** What is worth a line: a failure, or what is not built. */
export type Tell = (line: string) => void;

/** `texts`: what the files hold, by their names without `.json`; files that are not known are left out. */
export async function runFiles(
  texts: Readonly<Record<string, string>>,
  machine: Machine,
  tell: Tell = () => {},
): Promise<{ readonly report: FolderReport; readonly computed: Computed }> {
  const files: Record<string, FileReport> = {};
  const computed: Computed = {};
  for (const [file, runner] of Object.entries(runners)) {
    const text = texts[file];
    if (text !== undefined) files[file] = await runFile(file, text, runner, machine, tell, (computed[file] = {}));
  }
  const total = (name: 'passed' | 'failed' | 'missing'): number =>
    Object.values(files).reduce((sum, file) => sum + file[name], 0);
  return { report: { files, passed: total('passed'), failed: total('failed'), missing: total('missing') }, computed };
}

async function runFile(
  file: string,
  text: string,
  runner: Runner,
  machine: Machine,
  tell: Tell,
  values: Computed[string],
): Promise<FileReport> {
  let passed = 0;
  let failed = 0;
  let missing = 0;
  let worst = -1;
  let cases: readonly ReferenceCase[] = [];
  try {
    cases = readCases(file, text);
  } catch (error) {
    failed++;
    tell(`FAILED ${file}: ${messageOf(error)}`);
  }
  for (const each of cases) {
    const { results, error } = await runCase(runner, machine, each);
    if (results) values[each.name] = plainValues(results.computed);
    if (error instanceof NotBuilt) missing++;
    else if (!results) {
      failed++;
      tell(`FAILED ${file}/${each.name}: ${messageOf(error)}`);
    } else {
      const verdict = judge(results, toleranceOf(file, each.name, machine));
      worst = Math.max(worst, verdict.worst);
      for (const failure of verdict.failures) tell(`FAILED ${file}/${each.name} ${failure}`);
      if (verdict.failures.length > 0) failed++;
      else if (results.missing.length > 0) {
        missing++;
        tell(`not all built: ${file}/${each.name} (${results.missing.join(', ')})`);
      } else passed++;
    }
  }
  return { passed, failed, missing, worst: worst < 0 || !Number.isFinite(worst) ? null : worst };
}

async function runCase(
  runner: Runner,
  machine: Machine,
  each: ReferenceCase,
): Promise<{ readonly results?: Results; readonly error?: unknown }> {
  const { runtime } = machine;
  // Cases read back as they go, which no scope spans: what they make is let go of by the collector, or with the runtime.
  try {
    const results = await runner(machine, each);
    await runtime.device.sync();
    return { results };
  } catch (error) {
    return { error };
  }
}

/** float64: 1e-7. float32: 1e-5 for products, convolutions and attention, 1e-4 for the rest. */
function toleranceOf(file: string, name: string, { float }: Machine): number {
  if (float === 'float64') return 1e-7;
  return file === 'attention' || (file === 'layers' && /^(conv|linear)/.test(name)) ? 1e-5 : 1e-4;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function plainValues(values: ReadonlyMap<string, HostTensor>): Computed[string][string] {
  return Object.fromEntries([...values].map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]));
}
