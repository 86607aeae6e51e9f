/** How each op runs on one backend: every case of every table, forwards and back, and what the runtime decided for its calls. */
import { makeInput } from '@dendrite/conformance';
import { add, describeBackends, type OpSupport, sum } from '@dendrite/core';
import type { Decision, OpCase, OpCases, Runtime, Tensor } from '@dendrite/spec';
import { type BackendName, openRuntime } from '../reference/machine.ts';

type MadeInput = ReturnType<typeof makeInput>;

export interface Column {
  /** By op: all ways that its calls met, the most frequent one first. Without an entry: no case calls it. */
  readonly ways: ReadonlyMap<string, string>;
  readonly ops: readonly OpSupport[];
}

/** @throws Error  where the backend cannot run here */
export async function columnOf(name: BackendName, tables: readonly OpCases[]): Promise<Column> {
  const runtime = await openRuntime(name);
  for (const { op, cases } of tables)
    for (const each of cases)
      if (each.benchmark !== true) {
        const inputs = each.inputs.map((input, i) => makeInput(input, `${op.name}/${each.name}/${i}`));
        // A case that fails here fails in the tests too; what it met until then counts.
        attempt(runtime, () => void forwards(runtime, each, inputs));
        attempt(runtime, () => void backwards(runtime, each, inputs));
      }
  const counts = new Map<string, Map<string, number>>();
  for (const decision of runtime.decisions()) {
    const way = wordOf(decision);
    if (way === undefined) continue;
    const met = counts.get(decision.op) ?? new Map<string, number>();
    counts.set(decision.op, met.set(way, (met.get(way) ?? 0) + 1));
  }
  const { ops } = describeBackends(runtime);
  await runtime.dispose();
  const ways = [...counts].map(([op, met]): readonly [string, string] => {
    const ordered = [...met].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return [op, ordered.map(([way]) => way).join(', ')];
  });
  return { ways: new Map(ways), ops };
}

function attempt(runtime: Runtime, run: () => void): void {
  try {
    runtime.scope(run);
  } catch {}
}

const tensorsOf = (runtime: Runtime, inputs: readonly MadeInput[]): readonly Tensor[] =>
  inputs.map(({ data, shape, dtype }) => runtime.tensor(data, shape, dtype));

function forwards(runtime: Runtime, { run }: OpCase, inputs: readonly MadeInput[]): void {
  run(tensorsOf(runtime, inputs));
}

function backwards(runtime: Runtime, { run, differentiable }: OpCase, inputs: readonly MadeInput[]): void {
  const tensors = tensorsOf(runtime, inputs);
  const floats = inputs.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []));
  const which = differentiable ?? floats;
  if (which.length === 0) return;
  runtime.differentiate(
    which.map((i) => tensors[i] as Tensor),
    (params) => {
      const given = tensors.map((tensor, i) => params[which.indexOf(i)] ?? tensor);
      const made = run(given);
      const outputs = (Array.isArray(made) ? (made as readonly Tensor[]) : [made as Tensor]).filter(
        ({ dtype }) => dtype === 'float32',
      );
      return { loss: outputs.map((each) => sum(each)).reduce((a, b) => add(a, b)), aux: null };
    },
  );
}

/** undefined: there was nothing to compute. */
function wordOf({ way, label = '' }: Decision): string | undefined {
  if (way === 'nothing') return undefined;
  if (way === 'native') return 'routine';
  if (way === 'decomposition') return way;
  // The CPU's loop over a formula is handed to a device as if it were a kernel.
  if (way === 'expression') return label.startsWith('js') ? 'JS formula' : 'formula';
  return label === 'js' ? 'JS kernel' : 'kernel';
}
