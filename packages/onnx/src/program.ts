/**
 * @dendrite/onnx/program: functions of tensors as ONNX models. `TraceDevice` is a device that writes down what is asked of it; traces
 * under a few lengths are joined to one program, and that is written as a graph. `@dendrite/core/onnx` puts a runtime in front.
 */
export type { Lengths } from './program/amount.ts';
export { joinTraces, type TraceSet } from './program/join-traces.ts';
export { rowNames } from './program/rows/table.ts';
export type { Trace } from './program/trace.ts';
export { TraceDevice } from './program/trace-device.ts';
export { type GraphInput, writeProgram } from './program/write-program.ts';
