/** @dendrite/datasets: data for models, without tensors. Formats that need a library are entries of their own. */
export { type ArraySourceOptions, arraySource, stratifiedSplit, tableFromRows as fromRows } from '@dendrite/model';
export { type AugmentedImagesOptions, augmentedImages } from './augmented-images/augmented-images.ts';
export { type ColumnDescription, describeTable } from './describe-table/describe-table.ts';
export { fashionMnist, fashionMnistNames } from './fashion-mnist/fashion-mnist.ts';
export { fromColumns } from './from-columns/from-columns.ts';
export { type GunzipOptions, gunzip } from './gzip/gunzip.ts';
export { type IdxArray, type IdxOptions, readIdx } from './idx/read-idx.ts';
export type { ImageFiles, ImageSet, ImageSetOptions } from './image-set/image-set.ts';
export { type Iris, type IrisOptions, iris, type Species } from './iris/iris.ts';
export { kFold } from './k-fold/k-fold.ts';
export { mnist } from './mnist/mnist.ts';
export { type NpyArray, type NpyOptions, readNpy } from './npy/read-npy.ts';
export { splitTable } from './split-table/split-table.ts';
export { takePerClass } from './take-per-class/take-per-class.ts';
