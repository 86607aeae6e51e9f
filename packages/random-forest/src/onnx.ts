/** @dendrite/random-forest/onnx: a saved forest as an ONNX model. Needs @dendrite/onnx beside this package. */
export { toOnnx } from './onnx/to-onnx.ts';
