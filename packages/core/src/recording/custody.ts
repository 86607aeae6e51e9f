/**
 * What a compiled step returned, watched for the collector. Its registry is dear, and a step returns dozens of tensors that the next
 * call consumes: so the state that was returned last shares one token, which lives as long as the step or any of its tensors. A loop
 * may drop what it gets as `out`: the small ones of 16 steps share a token, large ones are watched tensor by tensor as all else.
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

/** Steps whose `out` is watched as one: so many may stay longer than they must, where one of them is held. */
const mostTogether = 16;
/** Bytes of a tensor that may stay longer than it must. */
const small = 1024;

/** What the last steps gave as `out`. */
export class Handout {
  private readonly engine: Engine;
  private token = {};
  private all: Watched[] = [];
  private steps = mostTogether;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Takes those from `first` on. */
  take(tensors: readonly TensorHandle[], first: number): void {
    if (++this.steps > mostTogether) {
      this.steps = 1;
      this.token = {};
      this.all = [];
      registry.register(this.token, { engine: this.engine, all: this.all });
    }
    for (let i = first; i < tensors.length; i++) {
      const tensor = tensors[i] as TensorHandle;
      if (tensor.watched !== null || tensor.spec.bytes > small) continue;
      tensor.token = this.token;
      tensor.watched = { buffer: tensor.buffer, ended: false };
      this.all.push(tensor.watched);
    }
  }
}
