/** @dendrite/nn/onnx: layers and trained networks as ONNX models. */

export { type JudgeOptions, judgeSaved } from './onnx/judge-saved.ts';
export { type LayerToOnnxOptions, layerToOnnx } from './onnx/layer-to-onnx.ts';
export { type SavedNetwork, savedToOnnx } from './onnx/saved-to-onnx.ts';
export { type ToOnnxOptions, toOnnx } from './onnx/to-onnx.ts';
