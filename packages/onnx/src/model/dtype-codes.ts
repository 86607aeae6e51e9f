/** Numbers of dtypes, as onnx.proto has them in `TensorProto.DataType`. */
import type { OnnxDType } from './onnx-model.ts';

export const dtypeCodes: Readonly<Record<OnnxDType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float64: 11,
};
