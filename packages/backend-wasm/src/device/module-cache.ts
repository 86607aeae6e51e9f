/** Compiled modules, one for each kernel and what is baked into it; the oldest are let go of. */
import { DendriteError } from '@dendrite/spec';

export type Entry = (...numbers: readonly number[]) => void;

/** Modules kept at most. A kernel in use keeps its own alive beyond that. */
const kept = 256;

/** What kernels import as `math.<name>`: functions that WebAssembly lacks. */
const { expm1, log1p, sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh, pow, atan2 } = Math;
/** Has the divisor's sign. */
function mod(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}
const one = { expm1, log1p, sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh };
const math = { ...one, pow, atan2, mod };

export class ModuleCache {
  private readonly memory: WebAssembly.Memory;
  private readonly byOwner = new Map<object, Map<string, Readonly<Record<string, Entry>>>>();
  private order: (readonly [owner: object, key: string])[] = [];

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  /** The exports of `owner`'s module for `key`; emitted and compiled where it is new. @throws BACKEND */
  of(owner: object, key: string, emit: () => Uint8Array<ArrayBuffer>): Readonly<Record<string, Entry>> {
    const known = this.byOwner.get(owner)?.get(key);
    if (known) return known;
    let exports: Readonly<Record<string, Entry>>;
    try {
      const module = new WebAssembly.Module(emit());
      const instance = new WebAssembly.Instance(module, { env: { memory: this.memory }, math });
      exports = instance.exports as Readonly<Record<string, Entry>>;
    } catch (error) {
      throw new DendriteError(
        'BACKEND',
        `wasm: a kernel must compile, got ${error instanceof Error ? error.message : String(error)}. In a page, its content security policy must allow 'wasm-unsafe-eval'.`,
        { cause: error },
      );
    }
    const own = this.byOwner.get(owner) ?? new Map<string, Readonly<Record<string, Entry>>>();
    this.byOwner.set(owner, own);
    own.set(key, exports);
    this.order.push([owner, key]);
    if (this.order.length > kept) {
      const [oldest] = this.order.splice(0, 1);
      if (oldest) this.byOwner.get(oldest[0])?.delete(oldest[1]);
    }
    return exports;
  }

  clear(): void {
    this.byOwner.clear();
    this.order = [];
  }
}
