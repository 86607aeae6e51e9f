/** Nothing may be left over. */
import type { Runtime } from '@dendrite/spec';
import { check } from './kit-case.ts';

/** Runs `f`. @throws ConformanceFailure  if it leaves tensors or buffers on the runtime */
export async function leavesNothing<T>(runtime: Runtime, what: string, f: () => Promise<T>): Promise<T> {
  const before = runtime.live();
  const result = await f();
  sameLive(runtime, before, what);
  return result;
}

export function sameLive(runtime: Runtime, before: ReturnType<Runtime['live']>, what: string): void {
  const after = runtime.live();
  check(
    after.tensors === before.tensors && after.buffers === before.buffers && after.bytes === before.bytes,
    () =>
      `${what} must leave nothing alive, got ${after.tensors - before.tensors} tensors, ${after.buffers - before.buffers} buffers and ${after.bytes - before.bytes} bytes more than before`,
  );
}
