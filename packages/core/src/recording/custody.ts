/**
 * The state that a compiled step returned last, watched as one. The collector's registry is dear, and a step returns dozens of
 * tensors that the next call consumes: so they share one token, which lives as long as the step or any of them. `out` is
 * watched tensor by tensor as everything else, for a loop may drop it.
 */
import type { Engine } from '../engine/engine.ts';
import type { TensorHandle, Watched } from '../engine/tensor-handle.ts';

interface Held {
  readonly engine: Engine;
  readonly all: Watched[];
}
const registry = new FinalizationRegistry<Held>(({ engine, all }) => {
  for (const { ended, buffer } of all) if (!ended) engine.dropped(buffer);
});

export class Custody {
  private readonly token = {};
  private readonly held: Held;

  constructor(engine: Engine) {
    this.held = { engine, all: [] };
    registry.register(this.token, this.held);
  }

  /** Takes the first `count` of these in place of those that have ended. */
  take(tensors: readonly TensorHandle[], count: number): void {
    const { all } = this.held;
    let at = 0;
    for (let i = 0; i < count; i++) {
      const tensor = tensors[i] as TensorHandle;
      if (tensor.watched !== null) continue;
      tensor.token = this.token;
      while (at < all.length && all[at]?.ended === false) at++;
      const ended = all[at];
      if (ended === undefined) {
        tensor.watched = { buffer: tensor.buffer, ended: false };
        all.push(tensor.watched);
      } else {
        // A handle that has ended never looks at it again.
        ended.buffer = tensor.buffer;
        ended.ended = false;
        tensor.watched = ended;
      }
      at++;
    }
  }
}
