/** Matrix product with SIMD, in one of four forms that add over K in the order which K, N and the transposes decide. */
import type { Call, WasmKernel, WasmPhase } from '@dendrite/spec';
import { isFloat32 } from '../../wasm-kernels/is-float32.ts';
import { anyProduct } from './any-product.ts';
import { dotProduct } from './dot-product.ts';
import { longProduct } from './long-product.ts';
import { outerProduct } from './outer-product.ts';
import { type ProductForm, type ProductFormName, productForm, productLengths } from './product-form.ts';
import { turnedProduct } from './turned-product.ts';

const forms: Readonly<Record<ProductFormName, ProductForm>> = {
  outer: outerProduct,
  turned: turnedProduct,
  dots: dotProduct,
  long: longProduct,
};
/** Bytes. */
const mostPacked = 2 ** 26;
const formOf = (call: Call): ProductForm => forms[productForm(productLengths(call))];

const phase = (entry: 'pack' | 'run'): WasmPhase => ({
  entry,
  units: (call) => formOf(call)[entry].units(productLengths(call)),
  work: (call) => formOf(call)[entry].work(productLengths(call)),
});

export const matmulWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: isFloat32,
  // It packs both operands: large ones are worth a module at once.
  generic: (call) => ((anyProduct.scratch?.(call) ?? 0) <= mostPacked ? anyProduct : undefined),
  specialize(call) {
    const lengths = productLengths(call);
    const form = productForm(lengths);
    return { form, ...forms[form].constants(lengths) };
  },
  arguments: (call) => formOf(call).arguments(productLengths(call)),
  scratch: (call) => formOf(call).scratch(productLengths(call)),
  phases: [phase('pack'), phase('run')],
  emit: (constants, target) => forms[String(constants.form) as ProductFormName].emit(constants, target),
};
