/** For tests: devices of all three variants, and one call of an op on one of them through the Device contract alone. */
import type { Attributes, Device, DType, Expression, HostArray, Shape, Slot, TensorSpec } from '@dendrite/spec';
import { tfjs } from '../tfjs.ts';

export const variants = ['cpu', 'wasm', 'webgpu'] as const;

export interface Dense {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: readonly number[];
}
export const float = (shape: Shape, data: readonly number[]): Dense => ({ shape, dtype: 'float32', data });
export const int = (shape: Shape, data: readonly number[]): Dense => ({ shape, dtype: 'int32', data });
export const bool = (shape: Shape, data: readonly number[]): Dense => ({ shape, dtype: 'bool', data });

export async function openDevice(variant: (typeof variants)[number]): Promise<Device> {
  const device = await tfjs(variant).open();
  if ('unavailable' in device) throw new Error(device.unavailable);
  return device;
}

const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
const bytesOf = ({ shape, dtype }: TensorSpec): number =>
  sizeOf(shape) * (dtype === 'bool' || dtype === 'uint8' ? 1 : 4);

export function put(device: Device, array: Dense): Slot {
  const spec = { shape: array.shape, dtype: array.dtype };
  const slot: Slot = { buffer: device.allocate(bytesOf(spec)), offset: 0, spec };
  const made: HostArray =
    array.dtype === 'float32'
      ? Float32Array.from(array.data)
      : array.dtype === 'int32'
        ? Int32Array.from(array.data)
        : Uint8Array.from(array.data);
  device.upload(slot, made);
  return slot;
}

export interface CallOptions {
  readonly attributes?: Attributes;
  readonly args?: readonly number[];
  readonly outputs: readonly TensorSpec[];
}

/** Runs a native routine, reads its outputs and frees everything. */
export async function callOp(
  device: Device,
  name: string,
  inputs: readonly Dense[],
  options: CallOptions,
): Promise<number[][]> {
  const { attributes = {}, args = [] } = options;
  const call = { inputs, outputs: options.outputs, attributes };
  const native = device.native?.({ name }, call);
  if (!native) throw new Error(`${device.name} has no routine for ${name}`);
  return withSlots(device, inputs, options.outputs, (outputs, given) => native.run(outputs, given, attributes, args));
}

export async function evaluate(
  device: Device,
  expressions: readonly Expression[],
  inputs: readonly Dense[],
  { args = [], outputs }: CallOptions,
): Promise<number[][]> {
  const executable = device.prepareExpressions(expressions, { inputs, outputs, attributes: {} });
  if (!executable) throw new Error(`${device.name} cannot lower the expression`);
  return withSlots(device, inputs, outputs, (to, given) => device.dispatch(executable, to, given, args));
}

async function withSlots(
  device: Device,
  inputs: readonly Dense[],
  specs: readonly TensorSpec[],
  run: (outputs: readonly Slot[], inputs: readonly Slot[]) => void,
): Promise<number[][]> {
  const given = inputs.map((input) => put(device, input));
  const outputs = specs.map((spec): Slot => ({ buffer: device.allocate(bytesOf(spec)), offset: 0, spec }));
  try {
    run(outputs, given);
    return await Promise.all(outputs.map(async (slot) => [...(await device.download(slot))]));
  } finally {
    for (const { buffer } of [...given, ...outputs]) device.free(buffer);
  }
}

/** undefined if each number is the wanted one within `tolerance` of the largest; else which is not. */
export function difference(got: readonly number[], wanted: readonly number[], tolerance = 1e-5): string | undefined {
  if (got.length !== wanted.length) return `${got.length} elements for ${wanted.length}`;
  let largest = 1e-3;
  for (const x of wanted) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
  for (let i = 0; i < wanted.length; i++) {
    const [a = Number.NaN, b = Number.NaN] = [got[i], wanted[i]];
    const same = Number.isFinite(b) ? Math.abs(a - b) <= tolerance * largest : Object.is(a, b);
    if (!same) return `element ${i} is ${a}, wanted ${b}`;
  }
  return undefined;
}

/** Repeatable numbers in (−1, 1). */
export function noise(size: number, seed = 1): number[] {
  let state = seed * 7919 + 17;
  return Array.from({ length: size }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.fround((state / 0x7fffffff) * 2 - 1);
  });
}
