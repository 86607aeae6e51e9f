/** @dendrite/attention/onnx: trained models of texts as ONNX models. */
export { toOnnx } from './onnx/to-onnx.ts';
export { type TranslatorFiles, translatorToOnnx } from './onnx/translator-to-onnx.ts';
