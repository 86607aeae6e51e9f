/** @dendrite/core/onnx: functions of tensors as ONNX models, by running them where nothing is computed. */
export { functionToOnnx, type OnnxInput, type OnnxOptions } from './onnx/function-to-onnx.ts';
export type { LengthRange } from './onnx/tried-lengths.ts';
