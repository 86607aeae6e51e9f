/** @dendrite/wasm-assembler/elementary: elementary functions of four float32, written in instructions that every machine has. */
export { circle, circleEnd } from './circle.ts';
export { exp, expBelowOne, expm1 } from './exp.ts';
export { largerOf, smallerOf } from './extremes.ts';
export { log, log1p } from './log.ts';
export { erf, tanh } from './rational.ts';
export { float, multiplyAdd, type Site, subtractProduct, type Vector, whole } from './site.ts';
