/** Step scalars on the device: all of a step's in one buffer, or those of many steps behind one another, sent by one small write. */
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
  /** Of many steps; made anew where their number is another. */
  private many: Packed | undefined;

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

  /** The same for many steps, from the one numbered `first` on. @throws OPTION  also where a step has other names */
  writeMany(steps: readonly StepNumbers[], first: number): Buffer | undefined {
    const { names } = this;
    const words = (steps.length - first) * names.length;
    if (this.many?.spec.size !== words) {
      this.letGo(this.many);
      this.many = packed(words);
    }
    for (let i = first; i < steps.length; i++) {
      const numbers = steps[i] as StepNumbers;
      if (!this.has(numbers)) throw unlike(numbers, i, names);
      this.pack(numbers, this.many, (i - first) * names.length);
    }
    return words === 0 ? undefined : this.send(this.many);
  }

  private pack(numbers: StepNumbers, { words, floats }: Packed, at: number): void {
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

  private send(of: Packed): Buffer {
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

  private letGo(of: Packed | undefined): void {
    if (of?.buffer === undefined) return;
    this.engine.letGo(of.buffer);
    of.buffer = undefined;
  }
}

/**
 * Numbers of many steps, before the first of them runs and takes the state.
 * @throws OPTION  where a step has other names, or something that is no number
 */
export function checkSteps(steps: readonly StepNumbers[], integers: ReadonlySet<string>): void {
  const names = Object.keys(steps[0] ?? {});
  for (let i = 0; i < steps.length; i++) {
    const numbers = steps[i];
    if (numbers === undefined || !areNamed(numbers, names)) throw unlike(numbers, i, names);
    for (const name of names) checkNumber(name, numbers[name], integers.has(name));
  }
}

function areNamed(numbers: StepNumbers, names: readonly string[]): boolean {
  let count = 0;
  for (const name in numbers) if (names[count++] !== name) return false;
  return count === names.length;
}

const unlike = (numbers: StepNumbers | undefined, step: number, names: readonly string[]): DendriteError =>
  new DendriteError(
    'OPTION',
    `scan(): all steps must have the same scalars in the same order, got ${Object.keys(numbers ?? {}).join(', ') || 'none'} at step ${step} and ${names.join(', ') || 'none'} before. Give each step all of them.`,
  );

function checkNumber(name: string, value: unknown, isWhole: boolean): void {
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
interface Packed {
  readonly words: Int32Array<ArrayBuffer>;
  /** The same bytes. */
  readonly floats: Float32Array<ArrayBuffer>;
  readonly spec: InternedSpec;
  buffer: Buffer | undefined;
}
function packed(count: number): Packed {
  const words = new Int32Array(count);
  return { words, floats: new Float32Array(words.buffer), spec: internSpec([count], 'int32'), buffer: undefined };
}
