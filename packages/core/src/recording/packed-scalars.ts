/** Step scalars on the device: all of a step's in one buffer, sent by one small write. */
import { type Buffer, DendriteError, type StepNumbers, type StepScalars, type Tensor } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import { type InternedSpec, internSpec } from '../engine/interned-spec.ts';

const float = internSpec([], 'float32');
const whole = internSpec([], 'int32');

export class PackedScalars {
  readonly names: readonly string[];
  private readonly engine: Engine;
  private readonly integers: ReadonlySet<string>;
  private readonly words: Int32Array<ArrayBuffer>;
  private readonly floats: Float32Array<ArrayBuffer>;
  private readonly spec: InternedSpec;
  private buffer: Buffer | undefined;

  constructor(engine: Engine, names: readonly string[], integers: ReadonlySet<string>) {
    this.engine = engine;
    this.names = names;
    this.integers = integers;
    this.words = new Int32Array(names.length);
    this.floats = new Float32Array(this.words.buffer);
    this.spec = internSpec([names.length], 'int32');
  }

  has(numbers: StepNumbers): boolean {
    let count = 0;
    for (const name in numbers) if (this.names[count++] !== name) return false;
    return count === this.names.length;
  }

  /** Writes the numbers; undefined where there are none. @throws OPTION  for what is no number, and for a whole number that is none */
  write(numbers: StepNumbers): Buffer | undefined {
    const { names, engine } = this;
    if (names.length === 0) return undefined;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const value = numbers[name] as number;
      if (typeof value !== 'number')
        throw new DendriteError(
          'OPTION',
          `compile(): step scalar '${name}' must be a number, got ${typeof value} ${String(value)}. Convert it.`,
        );
      if (!this.integers.has(name)) this.floats[i] = value;
      else {
        this.words[i] = value;
        if (this.words[i] !== value)
          throw new DendriteError(
            'OPTION',
            `compile(): step scalar '${name}' must be a whole number that fits int32, got ${value}. Leave it out of options.integers.`,
          );
      }
    }
    // A step may have returned one of its scalars: that buffer is its holder's then.
    if (this.buffer === undefined || this.buffer.references > 1) {
      this.dispose();
      this.buffer = engine.device.allocate(this.spec.bytes);
      this.buffer.references = 1;
    }
    engine.device.upload({ buffer: this.buffer, offset: 0, spec: this.spec }, this.words);
    return this.buffer;
  }

  /** The numbers as the step's code sees them. */
  tensors(): StepScalars {
    const { buffer } = this;
    if (buffer === undefined) return {};
    return Object.fromEntries(
      this.names.map((name, i) => [
        name,
        this.engine.handle(buffer, i, this.integers.has(name) ? whole : float) as Tensor<readonly []>,
      ]),
    );
  }

  dispose(): void {
    if (this.buffer !== undefined) this.engine.letGo(this.buffer);
    this.buffer = undefined;
  }
}
