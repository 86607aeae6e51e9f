/** What this host's WebAssembly can do, found out by letting it validate a module of each kind. */
import { f32x4, i32, wasmModule } from '@dendrite/wasm-assembler';

export interface Features {
  readonly simd: boolean;
  readonly relaxed: boolean;
  /** What forbids modules that are made at run time, although there is WebAssembly. */
  readonly forbidden?: string;
}

/** undefined: there is no WebAssembly (`node --jitless`, some locked-down browsers). */
export function findFeatures(): Features | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const features = { simd: WebAssembly.validate(sample(false)), relaxed: WebAssembly.validate(sample(true)) };
  try {
    new WebAssembly.Module(emptyModule);
    return features;
  } catch (error) {
    return { ...features, forbidden: error instanceof Error ? error.message : String(error) };
  }
}

const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** The sum of four lanes of 2 · 3, or 2 · 3 + 3. */
function sample(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const m = wasmModule();
  m.function('run', { result: 'i32' }, (f) => {
    const two = f.let(f32x4.splat(2));
    const three = f.let(f32x4.splat(3));
    const product = relaxed ? f32x4.relaxed_madd(two, three, three) : f32x4.mul(two, three);
    return i32.trunc_f32_s(f32x4.extract_lane(product, 0));
  });
  return m.toBytes();
}
