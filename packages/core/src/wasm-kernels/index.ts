/** @dendrite/core/wasm-kernels: the pieces that WASM kernels of several ops are made of. For authors of kernels. */
export { type Chunks, chunksOf, forEachChunk } from './chunks.ts';
export { isFloat32 } from './is-float32.ts';
export { type ProductTiles, productTiles, type TileStrides } from './product-tiles.ts';
export { storeLanes } from './store-lanes.ts';
export { transposeMatrix } from './transpose-matrix.ts';
