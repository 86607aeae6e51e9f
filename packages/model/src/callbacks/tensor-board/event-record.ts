/**
 * One event of a TensorBoard file: an `Event` message of protocol buffers in the frame of a TFRecord,
 * `length (8 bytes) | masked CRC-32C of it | message | masked CRC-32C of the message`, little-endian.
 * @source TensorFlow's `event.proto` and `summary.proto`; https://www.tensorflow.org/tutorials/load_data/tfrecord
 */
import { maskedCrc32c } from './crc32c.ts';

/** What is told: that a file begins, that a process begins at a step (later ones of before are void), or measures at a step. */
export type LogEvent =
  | { readonly wallTime: number; readonly kind: 'file' }
  | { readonly wallTime: number; readonly kind: 'start'; readonly step: number }
  | {
      readonly wallTime: number;
      readonly kind: 'scalars';
      readonly step: number;
      readonly values: readonly (readonly [tag: string, value: number])[];
    };

/** Field numbers of the messages. */
const field = {
  wallTime: 1,
  step: 2,
  fileVersion: 3,
  summary: 5,
  sessionLog: 7,
  value: 1,
  tag: 1,
  simpleValue: 2,
  status: 1,
};
const sessionStart = 1;

export function eventRecord(event: LogEvent): Uint8Array<ArrayBuffer> {
  return framed(message(event));
}

function message(event: LogEvent): number[] {
  const time = fixed64(field.wallTime, event.wallTime);
  if (event.kind === 'file') return [...time, ...text(field.fileVersion, 'brain.Event:2')];
  const begin = [...time, ...number(field.step, event.step)];
  if (event.kind === 'start') return [...begin, ...nested(field.sessionLog, number(field.status, sessionStart))];
  const values = event.values.flatMap(([tag, value]) =>
    nested(field.value, [...text(field.tag, tag), ...fixed32(field.simpleValue, value)]),
  );
  return [...begin, ...nested(field.summary, values)];
}

/** Wire types of protocol buffers: 0 a whole number, 1 eight bytes, 2 a length and so many bytes, 5 four bytes. */
const key = (name: number, type: 0 | 1 | 2 | 5): number => name * 8 + type;
/** Whole numbers from 0 to 2⁵³ − 1, seven bits a byte, the lowest first. A field that is 0 is left out. */
const number = (name: number, value: number): number[] => (value === 0 ? [] : [key(name, 0), ...varint(value)]);
const nested = (name: number, bytes: readonly number[]): number[] => [key(name, 2), ...varint(bytes.length), ...bytes];
const text = (name: number, value: string): number[] => nested(name, Array.from(new TextEncoder().encode(value)));
const fixed64 = (name: number, value: number): number[] => [key(name, 1), ...bytesOf(new Float64Array([value]))];
const fixed32 = (name: number, value: number): number[] => [key(name, 5), ...bytesOf(new Float32Array([value]))];
const bytesOf = ({ buffer }: Float32Array | Float64Array): number[] => Array.from(new Uint8Array(buffer));

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function framed(data: readonly number[]): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(record.subarray(12, 12 + data.length)), true);
  return record;
}
