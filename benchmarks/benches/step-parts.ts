// Where a replayed step's time goes: what its calls take one by one, beside the whole step with the batch's upload and the loss's
// readback.
import type { Recorded, RecordedCall, Runtime, Slot } from '@dendrite/spec';
import type { Racer } from '../harness/race.ts';

/** Steps before the whole is timed, in which kernels reach their last form; and rounds of all calls. */
const warmUp = 2000;
const rounds = 300;

/** The calls of a recording, and which of them are run each step. */
interface Replayed {
  readonly calls: readonly RecordedCall[];
  readonly recorded: Recorded;
  list: readonly [begin: number, end: number];
}

/** Lines for people. `make` gives a trainer whose steps are replayed; `batches`: how many it has. */
export async function stepParts(runtime: Runtime, make: () => Promise<Racer>, batches: number): Promise<string[]> {
  const { device } = runtime;
  const record = device.record?.bind(device);
  if (record === undefined) return [`${runtime.name} takes the calls of a step one by one: nothing to take apart`];
  let last: Replayed | undefined;
  const kept = (calls: readonly RecordedCall[]): Recorded => {
    const recorded = record(calls);
    const run = recorded.run.bind(recorded);
    recorded.run = (begin, end) => {
      if (last !== undefined && end - begin > 1) last.list = [begin, end];
      run(begin, end);
    };
    last = { calls, recorded, list: [0, calls.length] };
    return recorded;
  };
  Object.defineProperty(device, 'record', { value: kept, configurable: true });
  try {
    const racer = await make();
    const steps = (count: number): number[] => Array.from({ length: count }, (_, i) => i % batches);
    await racer.train(steps(warmUp));
    const { ms } = await racer.train(steps(rounds));
    const lines = last === undefined ? [] : ofCalls(last);
    racer.dispose();
    return [`a step: ${micro(ms / rounds)} µs in all`, ...lines];
  } finally {
    Reflect.deleteProperty(device, 'record');
  }
}

function ofCalls({ calls, recorded, list: [begin, end] }: Replayed): string[] {
  const together = (): number => {
    const began = performance.now();
    for (let i = 0; i < 10 * rounds; i++) recorded.run(begin, end);
    return (performance.now() - began) / rounds / 10;
  };
  together();
  const linked = Math.min(together(), together(), together());
  const taken = calls.map(() => 0);
  let clock = 0;
  for (let round = 0; round < 2 * rounds; round++) {
    if (round === rounds) {
      taken.fill(0);
      clock = 0;
    }
    for (let i = 0; i < calls.length; i++) {
      const began = performance.now();
      recorded.run(i, i + 1);
      const ended = performance.now();
      taken[i] = (taken[i] ?? 0) + ended - began;
      clock += performance.now() - ended;
    }
  }
  const own = clock / calls.length / rounds;
  const each = taken.map((ms) => Math.max(0, ms / rounds - own));
  const all = each.reduce((sum, ms) => sum + ms, 0);
  const slots = (of: readonly Slot[]): string => of.map(({ spec }) => `[${spec.shape.join(',')}]`).join(' ');
  return [
    `its ${end - begin} calls of each step, run as one: ${micro(linked)} µs`,
    `its ${calls.length} calls, one by one from JavaScript: ${micro(all)} µs`,
    ...calls.map(
      ({ executable: { label }, inputs, outputs }, i) =>
        `  ${micro(each[i] ?? 0).padStart(8)} µs  ${label.padEnd(16)} ${slots(inputs)} → ${slots(outputs)}`,
    ),
  ];
}

const micro = (ms: number): string => (1000 * ms).toFixed(2);
