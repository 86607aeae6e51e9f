/** @dendrite/core/wasm-kernels: the pieces that WASM kernels of several ops are made of. For authors of kernels. */
export { type Chunks, chunksOf, forEachChunk } from './chunks.ts';
export { copyPanel } from './copy-panel.ts';
export { copyRun } from './copy-run.ts';
export { type DotTiles, dotTiles, fourTotals, loadLanes } from './dot-tiles.ts';
export { isFloat32 } from './is-float32.ts';
export { kernelModule } from './kernel-module.ts';
export { packPanels } from './pack-panels.ts';
export { integers, numbered, numberedNames, operandsFor } from './parameters.ts';
export {
  multiplyAdd,
  type ProductTiles,
  productTiles,
  type TileOperands,
  type TileStrides,
  tallestOf,
} from './product-tiles.ts';
export { addLanes, type RowBody, type Rows, rowPasses } from './rows.ts';
export { storeLanes } from './store-lanes.ts';
export { tileHeights, tileRows } from './tile-rows.ts';
export { type TiledProductOptions, tiledProduct } from './tiled-product.ts';
export { transposeFour, transposeMatrix, turnEight } from './transpose-matrix.ts';
export { turnPanel } from './turn-panel.ts';
export {
  countOf,
  type PanelPlace,
  type Panels,
  packedRow,
  panelRow,
  panelsOfEight,
  placesOf,
  widePanels,
  wideTile,
} from './wide-panels.ts';
export { packWidePanel, type WideProductOptions, widePanelBytes, widePanelCount, wideProduct } from './wide-product.ts';
