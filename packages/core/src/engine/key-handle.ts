/** Random keys of a runtime: two words fixed on the host, and optionally a step counter on the device. */
import { forkWords } from '@dendrite/random';
import type { Key, Runtime, Tensor } from '@dendrite/spec';

export class KeyHandle implements Key {
  readonly '~dendrite' = 'key' as const;
  readonly runtime: Runtime;
  readonly words: readonly [number, number];
  readonly counter?: Tensor<readonly []>;

  constructor(runtime: Runtime, words: readonly [number, number], counter?: Tensor<readonly []>) {
    this.runtime = runtime;
    this.words = words;
    if (counter !== undefined) this.counter = counter;
  }
  fork(label: string | number): Key {
    return new KeyHandle(this.runtime, forkWords(this.words, label), this.counter);
  }
  at(counter: Tensor<readonly []>): Key {
    return new KeyHandle(this.runtime, this.words, counter);
  }
}
