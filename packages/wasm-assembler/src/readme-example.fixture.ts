import { f32x4, listing, v128, wasmModule } from '@dendrite/wasm-assembler';

const m = wasmModule();
m.memory({ initial: 1, exportAs: 'memory' });
m.function('scale', { parameters: { at: 'i32', end: 'i32', factor: 'f32' } }, (f, { at, end, factor }) => {
  const four = f.let(f32x4.splat(factor)); // a register, computed once
  f.loop(at, end, 16, (i) => f.v128.store(i, f32x4.mul(v128.load(i), four)));
});

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(m.toBytes()));
const { memory, scale } = exports as {
  memory: WebAssembly.Memory;
  scale(at: number, end: number, factor: number): void;
};
const values = new Float32Array(memory.buffer, 0, 8).fill(3);
scale(0, 32, 2);
if (values.join() !== '6,6,6,6,6,6,6,6') throw new Error(listing(m));
