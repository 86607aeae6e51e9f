/** A buffer of this device: one value of tfjs, replaced by every dispatch and upload. */
import type { Buffer, HostArray } from '@dendrite/spec';
import type { Value } from '../kernels/value.ts';

export class TfjsBuffer implements Buffer {
  readonly bytes: number;
  references = 0;
  value: Value | null = null;
  /** What was uploaded, where it is one number: random bits need their counter on the host. */
  host: HostArray | null = null;
  freed = false;

  constructor(bytes: number) {
    this.bytes = bytes;
  }
}
