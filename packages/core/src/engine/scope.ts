/** Scopes: what is made inside and not returned is freed at the end. One stack for all runtimes of this copy of the package. */
import { DendriteError } from '@dendrite/spec';
import { TensorHandle } from './tensor-handle.ts';

let current: TensorHandle[] | null = null;
let stamps = 0;

/** The innermost open scope's tensors, or null outside any scope. */
export const currentScope = (): TensorHandle[] | null => current;

/** Calls `visit` for every tensor in a value made of plain objects and arrays. */
export function visitTensors(value: unknown, visit: (tensor: TensorHandle) => void): void {
  if (value === null || typeof value !== 'object') return;
  if (value instanceof TensorHandle) visit(value);
  else if (Array.isArray(value)) for (const each of value) visitTensors(each, visit);
  else if (isPlain(value)) for (const key in value) visitTensors(value[key], visit);
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refusePromise(value: unknown, operation: string): void {
  if (typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function') {
    Promise.resolve(value).catch(() => {}); // its own failure is not the news
    throw new DendriteError(
      'OPTION',
      `${operation}(): its function must be synchronous, got a promise. Await outside; an open scope across an await would free other tasks' tensors.`,
    );
  }
}

/** Runs `f`; frees what it made, but not what it returns. The survivors belong to the enclosing scope. */
export function runInScope<T>(f: () => T, operation: string): T {
  const outer = current;
  const mine: TensorHandle[] = [];
  current = mine;
  let result: T;
  try {
    result = f();
    refusePromise(result, operation);
  } catch (error) {
    current = outer;
    for (const tensor of mine) tensor.release('freed by its scope');
    throw error;
  }
  current = outer;
  const stamp = ++stamps;
  visitTensors(result, (tensor) => {
    tensor.survives = stamp;
  });
  for (const tensor of mine) {
    if (tensor.end !== null) continue;
    if (tensor.kept) tensor.runtime.watch(tensor);
    else if (tensor.survives !== stamp) tensor.release('freed by its scope');
    else if (outer !== null) outer.push(tensor);
    else tensor.runtime.watch(tensor);
  }
  return result;
}

/** Marks the tensors of `value`: no scope frees them, they live until disposed. */
export function keepTensors<T>(value: T): T {
  visitTensors(value, (tensor) => {
    tensor.kept = true;
  });
  return value;
}
