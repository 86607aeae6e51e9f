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
  private readonly one: Packed;
  /** Of many steps. */
  many: Packed | undefined;

  constructor(engine: Engine, names: readonly string[], integers: ReadonlySet<string>) {
    this.engine = engine;
    this.names = names;
    this.integers = integers;
    this.one = packed(names.length);
  }

  /** Bytes of a step's. */
  get bytes(): number {
    return this.one.spec.bytes;
  }

  has(numbers: StepNumbers): boolean {
    return areNamed(numbers, this.names);
  }

  /** Writes the numbers; undefined where there are none. @throws OPTION  for what is no number, and for a whole number that is none */
  write(numbers: StepNumbers): Buffer | undefined {
    if (this.names.length === 0) return undefined;
    this.pack(numbers, this.one, 0);
    return this.send(this.one);
  }

  /** Writes a step's numbers from word `at` on. */
  pack(numbers: StepNumbers, { words, floats }: Packed, at: number): void {
    const { names } = this;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const value = numbers[name] as number;
      const isWhole = this.integers.has(name);
      checkNumber(name, value, isWhole);
      if (isWhole) words[at + i] = value;
      else floats[at + i] = value;
    }
  }

  send(of: Packed): Buffer {
    const { device } = this.engine;
    // A step may have returned one of its scalars: that buffer is its holder's then.
    if (of.buffer === undefined || of.buffer.references > 1) {
      this.letGo(of);
      of.buffer = device.allocate(of.spec.bytes);
      of.buffer.references = 1;
    }
    device.upload({ buffer: of.buffer, offset: 0, spec: of.spec }, of.words);
    return of.buffer;
  }

  /** The numbers as the step's code sees them. */
  tensors(): StepScalars {
    const { buffer } = this.one;
    if (buffer === undefined) return {};
    return Object.fromEntries(
      this.names.map((name, i) => [
        name,
        this.engine.handle(buffer, i, this.integers.has(name) ? whole : float) as Tensor<readonly []>,
      ]),
    );
  }

  dispose(): void {
    this.letGo(this.one);
    this.letGo(this.many);
  }

  letGo(of: Packed | undefined): void {
    if (of?.buffer === undefined) return;
    this.engine.letGo(of.buffer);
    of.buffer = undefined;
  }
}

export function areNamed(numbers: StepNumbers, names: readonly string[]): boolean {
  let count = 0;
  for (const name in numbers) if (names[count++] !== name) return false;
  return count === names.length;
}

/** @throws OPTION */
export function checkNumber(name: string, value: unknown, isWhole: boolean): void {
  if (typeof value !== 'number')
    throw new DendriteError(
      'OPTION',
      `compile(): step scalar '${name}' must be a number, got ${typeof value} ${String(value)}. Convert it.`,
    );
  if (isWhole && (value | 0) !== value)
    throw new DendriteError(
      'OPTION',
      `compile(): step scalar '${name}' must be a whole number that fits int32, got ${value}. Leave it out of options.integers.`,
    );
}

/** Numbers in one buffer. */
export interface Packed {
  readonly words: Int32Array<ArrayBuffer>;
  /** The same bytes. */
  readonly floats: Float32Array<ArrayBuffer>;
  readonly spec: InternedSpec;
  buffer: Buffer | undefined;
}
export function packed(count: number): Packed {
  const words = new Int32Array(count);
  return { words, floats: new Float32Array(words.buffer), spec: internSpec([count], 'int32'), buffer: undefined };
}
