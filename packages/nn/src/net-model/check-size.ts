/**
 * What a network out of a file would take, before anything is taken: a few words of config can ask for any number of units. It is
 * made and asked on a device that knows shapes and keeps no values, with a limit on the bytes there.
 */
import { createRuntime, fill, leaves, type NullDevice, nullBackend } from '@dendrite/core';
import { DendriteError, isDendriteError, type SavedArray, type Shape } from '@dendrite/spec';
import type { NetPlan } from './net-plan.ts';

type Arrays = Readonly<Record<string, SavedArray>>;
/** Calls that are looked at: all of most networks, the first steps of a long sequence. */
const mostCalls = 4000;
/** Rows of the probe, which is what a loaded network is asked first. */
const rows = 2;

/**
 * @param options.maxBytes  what parameters and the layers' outputs for two examples may take besides four times the file's arrays
 * @throws FORMAT  for a network that takes more, or whose parameters are not the file's
 */
export async function checkSize(
  { layer }: NetPlan,
  feature: Shape,
  arrays: Arrays,
  { where, maxBytes = 2 ** 30 }: { readonly where: string; readonly maxBytes?: number },
): Promise<void> {
  const stored = Object.values(arrays).reduce((sum, { data }) => sum + data.byteLength, 0);
  const bytes = 4 * stored + maxBytes;
  const runtime = await createRuntime({ backends: [nullBackend({ bytes, dispatches: mostCalls })], fallback: false });
  const device = runtime.device as NullDevice;
  try {
    runtime.untracked(() =>
      runtime.scope(() => {
        const key = runtime.key(0);
        const x = fill(runtime, { shape: [rows, ...feature] }, 0);
        const { params, state } = layer.init(key, [1, ...feature]);
        checkShapes('params', leaves(params), arrays, where);
        checkShapes('state', leaves(state), arrays, where);
        layer.apply({ params, state }, x, { training: false, key });
      }),
    );
  } catch (error) {
    if (device.refused > 0)
      throw new DendriteError(
        'FORMAT',
        `${where}: a model in a file with ${stored} bytes of arrays must take at most ${bytes} bytes for two examples, got more. The file is damaged or hostile; if it is right, raise maxBytes.`,
        { cause: error },
      );
    // What else is wrong, the real device says in full; a layer that cannot do without values is no fault.
    if (isDendriteError(error, 'FORMAT')) throw error;
  } finally {
    await runtime.dispose();
  }
}

/** Whether each array of the network stands in the file as it must; what is too much in the file is told later. */
function checkShapes(prefix: string, tensors: ReturnType<typeof leaves>, arrays: Arrays, where: string): void {
  for (const { path, tensor } of tensors) {
    const name = path === '' ? prefix : `${prefix}.${path}`;
    const found = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
    if (found !== undefined && String(found.shape) === String(tensor.shape)) continue;
    const wanted = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
    throw new DendriteError(
      'FORMAT',
      found === undefined
        ? `${where}: the file must have an array '${name}', got none. It is ${wanted}; build the model as it was saved.`
        : `${where}: '${name}' must be ${wanted}, got ${found.dtype} [${found.shape.join(', ')}]. Build the model as it was saved; its input had another shape.`,
    );
  }
}
