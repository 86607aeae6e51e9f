/** @dendrite/nn/onnx: layers and trained models as ONNX models. */
export { type LayerToOnnxOptions, layerToOnnx } from './onnx/layer-to-onnx.ts';
