/** Errors of gather and scatter inside another op, told as that op's own. */
import { DendriteError, isDendriteError, type Tensor } from '@dendrite/spec';
import { TensorHandle } from '../../engine/tensor-handle.ts';

/**
 * `f()`; where an index was refused, the error names `operation` and the first of `indices` that does not lie inside its axis. A device
 * that looks at indices later, and a recorded step that is replayed, say what gather says.
 */
export function namingIndices<T>(operation: string, indices: Tensor, length: number, f: () => T): T {
  try {
    return f();
  } catch (cause) {
    if (!isDendriteError(cause, 'OPTION') || !/^(gather|scatterAdd)\(\): indices must/.test(cause.message)) throw cause;
    const values = indices instanceof TensorHandle ? indices.runtime.device.view?.(indices) : undefined;
    const wrong = values?.subarray(0, indices.size).find((index) => index < 0 || index >= length);
    throw new DendriteError(
      'OPTION',
      `${operation}(): indices must be from 0 to ${length - 1}, got ${wrong ?? 'another'}.`,
      { cause },
    );
  }
}
