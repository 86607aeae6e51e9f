// `pnpm lenet-course [--steps 100] [--batch 64] [--backends cpu,tfjs-wasm,tfjs-webgpu] [--data FOLDER]`: the losses of LeNet-5's
// first steps on MNIST, backend by backend, beside the first one's. Exit code 1 if any differs by 1e-4 or more, or if the loss of
// the last step is not below the first one's.
import { parseArgs } from 'node:util';
import { mnist } from '@dendrite/datasets';
import { hostKey } from '@dendrite/random';
import { isBackendName, openRuntime } from '../reference/machine.ts';
import { type Course, type Digits, lenetCourse } from './lenet-losses.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '100' },
    batch: { type: 'string', default: '64' },
    backends: { type: 'string', default: 'cpu,tfjs-wasm,tfjs-webgpu' },
    data: { type: 'string' },
  },
});
const [steps, batch] = [Number(values.steps), Number(values.batch)];

/** The first shuffled batches. */
async function digitsOf(rows: number): Promise<Digits> {
  const { train } = await mnist(values.data === undefined ? {} : { folder: values.data });
  for await (const { x, y } of train.batches({ size: rows, epoch: 0, shuffle: hostKey(1) }))
    return { pixels: Float32Array.from(x.data, (byte) => byte / 255), labels: Int32Array.from(y ?? []) };
  throw new Error('lenet-course: the data must have rows, got none');
}

const digits = await digitsOf(steps * batch);
let first: Course | undefined;
let worst = 0;
let learned = true;
for (const name of values.backends.split(',')) {
  if (!isBackendName(name)) throw new Error(`lenet-course: no backend is called '${name}'`);
  const runtime = await openRuntime(name);
  const started = performance.now();
  const course = await lenetCourse(runtime, digits, { steps, batch });
  const seconds = (performance.now() - started) / 1000;
  const against = (first ??= course).losses;
  const off = course.losses.reduce((most, loss, i) => Math.max(most, Math.abs(loss - (against[i] ?? Number.NaN))), 0);
  worst = Math.max(worst, off);
  learned &&= (course.losses.at(-1) ?? Number.NaN) < (course.losses[0] ?? Number.NaN);
  console.log(
    `${name.padEnd(12)} ${steps} steps  loss ${course.losses[0]?.toFixed(6)} → ${course.losses.at(-1)?.toFixed(6)}  furthest from the first backend ${off.toExponential(2)}  ${((1000 * seconds) / steps).toFixed(0)} ms a step`,
  );
  await runtime.dispose();
}
process.exitCode = worst < 1e-4 && learned ? 0 : 1;
