/** @dendrite/onnx/network: networks of @dendrite/nn, cnn, rnn-lstm and attention as ONNX models, from what they save. */
export { type LayerToOnnxOptions, layerToOnnx, networkToOnnx } from './network/network-to-onnx.ts';
