/** @dendrite/rnn-lstm/onnx: trained models of sequences, series and characters as ONNX models. */
export { toOnnx } from './onnx/to-onnx.ts';
