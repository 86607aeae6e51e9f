/**
 * Compiled modules, one for each kernel and what is baked into it. At most 256 live: the one that was run longest ago is let go of,
 * and compiled again when it is run again.
 */
import { DendriteError, type WasmVariant } from '@dendrite/spec';
import { hostMath } from './host-math.ts';

export type Entry = (...numbers: readonly number[]) => void;

/** Modules that live at most. */
export const mostModules = 256;
/** Runs after which a module that was not run is no longer needed, in all likelihood: some seconds of a network's steps. */
export const lately = 100_000;

/** A kernel's module, alive or not. */
export interface KernelModule {
  /** In the order of the module's exports; undefined while it does not live. */
  functions: readonly Entry[] | undefined;
  /** Where the threads find it; meaningless while it does not live. */
  slot: number;
  /** What computes, for errors: an op's name. */
  readonly name: string;
  /** Which of the functions has this name. @throws BACKEND */
  entry(name: string): number;
}

/** Where workers find modules; absent where there are none. */
export interface Publisher {
  /** A module's bytes as all threads can run them: its imported memory is a shared one. */
  prepare(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  /** Puts the bytes where workers see them, or forgets them (`undefined`). */
  publish(slot: number, bytes: Uint8Array | undefined): void;
}

class Held implements KernelModule {
  functions: readonly Entry[] | undefined;
  slot = -1;
  /** When it was last run, in runs of the device. */
  used = 0;
  bytes: Uint8Array<ArrayBuffer> | undefined;
  private names: readonly string[] = [];
  readonly emit: () => Uint8Array<ArrayBuffer>;
  readonly owner: object;
  readonly key: string;
  readonly name: string;

  constructor(owner: object, key: string, emit: () => Uint8Array<ArrayBuffer>, name: string) {
    this.owner = owner;
    this.key = key;
    this.emit = emit;
    this.name = name;
  }

  entry(name: string): number {
    const at = this.names.indexOf(name);
    if (at >= 0) return at;
    throw new DendriteError('BACKEND', `${this.name}: its wasm kernel must export '${name}', got [${this.names}].`);
  }

  take(exports: WebAssembly.Exports): void {
    this.names = Object.keys(exports);
    this.functions = Object.values(exports) as Entry[];
  }
}

export class KernelModules {
  /** Modules compiled so far; one that came back counts again. */
  compiled = 0;
  private readonly memory: WebAssembly.Memory;
  private readonly publisher: Publisher | undefined;
  private readonly byOwner = new Map<object, Map<string, Held>>();
  private readonly slots: (Held | undefined)[] = [];
  private runs = 0;

  constructor(memory: WebAssembly.Memory, publisher?: Publisher) {
    this.memory = memory;
    this.publisher = publisher;
  }

  /** `owner`'s module for `key`; emitted and compiled where it is new. @param name  the op's, for errors @throws BACKEND */
  of(owner: object, key: string, emit: () => Uint8Array<ArrayBuffer>, name: string): KernelModule {
    const known = this.byOwner.get(owner)?.get(key);
    if (known) return known;
    const held = new Held(owner, key, emit, name);
    this.revive(held);
    return held;
  }

  /** Whether `owner`'s module for `key` lives. */
  has(owner: object, key: string): boolean {
    return this.byOwner.get(owner)?.has(key) === true;
  }

  /** The module's functions for a run. @throws BACKEND */
  use(module: KernelModule): readonly Entry[] {
    const held = module as Held;
    held.used = ++this.runs;
    return held.functions ?? this.revive(held);
  }

  /** Makes the workers see a module. */
  share(module: KernelModule): void {
    const held = module as Held;
    if (held.bytes === undefined) return;
    this.publisher?.publish(held.slot, held.bytes);
    held.bytes = undefined;
  }

  get live(): number {
    return this.slots.filter((held) => held !== undefined).length;
  }

  /** Whether one more costs none that was run lately. Where it does, those that run in turns would be compiled again and again. */
  get hasRoom(): boolean {
    return this.live < mostModules || this.oldest().used < this.runs - lately;
  }

  clear(): void {
    this.byOwner.clear();
    this.slots.length = 0;
  }

  private revive(held: Held): readonly Entry[] {
    const emitted = bytesOf(held);
    const { bytes, exports } = this.compile(emitted, held);
    this.compiled++;
    held.take(exports);
    held.bytes = this.publisher && bytes;
    held.used = ++this.runs;
    held.slot = this.freeSlot();
    this.slots[held.slot] = held;
    const own = this.byOwner.get(held.owner) ?? new Map<string, Held>();
    this.byOwner.set(held.owner, own.set(held.key, held));
    return held.functions ?? [];
  }

  private freeSlot(): number {
    const free = this.slots.indexOf(undefined);
    if (free >= 0) return free;
    if (this.slots.length < mostModules) return this.slots.length;
    const oldest = this.oldest();
    const { slot, owner, key } = oldest;
    this.byOwner.get(owner)?.delete(key);
    oldest.functions = undefined;
    oldest.bytes = undefined;
    this.slots[slot] = undefined;
    this.publisher?.publish(slot, undefined);
    return slot;
  }

  /** Of all, where every slot is taken. */
  private oldest(): Held {
    return this.slots.reduce((old, held) => (held && old && held.used < old.used ? held : old)) as Held;
  }

  private compile(
    emitted: Uint8Array<ArrayBuffer>,
    { owner, name }: Held,
  ): { readonly bytes: Uint8Array<ArrayBuffer>; readonly exports: WebAssembly.Exports } {
    const { memory, publisher } = this;
    const fail = (found: number, limit: number, at: number): never => {
      throw (
        (owner as Partial<WasmVariant>).failure?.(found, limit, at) ?? new Error(`${name}: its wasm kernel failed.`)
      );
    };
    try {
      const bytes = publisher?.prepare(emitted) ?? emitted;
      const module = new WebAssembly.Module(bytes);
      const { exports } = new WebAssembly.Instance(module, { env: { memory, fail }, math: hostMath });
      return { bytes, exports };
    } catch (error) {
      // What is valid and still no module is forbidden here.
      const isForbidden = error instanceof WebAssembly.CompileError && WebAssembly.validate(emitted);
      const advice = isForbidden ? " The page's content security policy must allow 'wasm-unsafe-eval'." : '';
      throw new DendriteError('BACKEND', `${name}: its wasm kernel must compile, got ${String(error)}.${advice}`, {
        cause: error,
      });
    }
  }
}

/** The assembler's errors, and those of a kernel's own code, do not know whose kernel it is. */
function bytesOf({ emit, name }: Held): Uint8Array<ArrayBuffer> {
  try {
    return emit();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new DendriteError('BACKEND', `${name}: its wasm kernel must be written without error, got ${String(error)}`, {
      cause: error,
    });
  }
}
