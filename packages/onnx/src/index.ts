/** @dendrite/onnx: ONNX models as plain data, written as the bytes that onnxruntime loads. */
export { encodeModel } from './model/encode-model.ts';
export type {
  OnnxAttribute,
  OnnxDType,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from './model/onnx-model.ts';
