/**
 * Calls of a recorded step as WebAssembly functions that call the kernels' one after another: JavaScript is entered and left once a
 * step and not once a kernel. Lengths are baked in; addresses are read from a table in the memory, for a batch or a result may lie
 * elsewhere in the next step.
 */
import { type Callable, i32, type Value, wasmModule } from '@dendrite/wasm-assembler';
import type { Entry } from '../device/kernel-modules.ts';

/** A call's phases and what they take behind begin and end; a kernel may take fewer than there are. */
export interface LinkedCall {
  readonly phases: readonly { readonly entry: Entry; readonly units: number }[];
  /** Bytes from the table's beginning to the call's first address, and how many there are. */
  readonly at: number;
  readonly addresses: number;
  readonly lengths: readonly number[];
  readonly args: readonly number[];
}

/** A module to be instantiated with these functions as `kernel`. */
export interface StepModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly kernels: WebAssembly.ModuleImports;
}

/** Exports a function for each run of calls, `run0`, `run1`, …. `table`: where addresses lie. */
export function stepModule(runs: readonly (readonly LinkedCall[])[], table: number): StepModule {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  const kernels: Record<string, Entry> = {};
  const imported = new Map<Entry, Kernel>();
  for (const call of runs.flat())
    for (const { entry } of call.phases) {
      if (imported.has(entry)) continue;
      const name = `k${imported.size}`;
      kernels[name] = entry;
      imported.set(entry, m.importFunction('kernel', name, { parameters: typeOf(entry, call) }));
    }
  runs.forEach((calls, r) => {
    m.function(`run${r}`, {}, (f) => {
      for (const { phases, at, addresses, lengths, args } of calls) {
        const places = Array.from({ length: addresses }, (_, i) => i32.load(0, table + at + 4 * i));
        for (const { entry, units } of phases) {
          const given: readonly (Value<'i32'> | number)[] = [0, units, ...places, ...lengths, ...args];
          const call = imported.get(entry);
          if (call) f.do(call(named(entry, (i) => given[i] ?? 0)));
        }
      }
    });
  });
  return { bytes: m.toBytes(), kernels };
}

type Kernel = Callable<Parameters, undefined>;
type Parameters = Readonly<Record<`p${number}`, 'i32' | 'f64'>>;

/**
 * What a WebAssembly function tells of its type is how many parameters it has. It may have more than it is given, as lengths that it
 * does not read.
 */
const typeOf = (entry: Entry, { addresses, lengths, args }: LinkedCall): Parameters => {
  const integers = args.length === 0 ? entry.length : 2 + addresses + lengths.length;
  return named(entry, (i) => (i < integers ? 'i32' : 'f64'));
};

const named = <T>({ length }: Entry, each: (i: number) => T): Readonly<Record<`p${number}`, T>> =>
  Object.fromEntries(Array.from({ length }, (_, i) => [`p${i}`, each(i)] as const));
