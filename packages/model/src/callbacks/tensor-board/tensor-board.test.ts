/** The file that TensorBoard reads, against its own writer and read back. */
import type { CallbackRun, ProgressEvent } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { crc32c, maskedCrc32c } from './crc32c.ts';
import { eventRecord, type LogEvent } from './event-record.ts';
import { tensorBoardLog } from './tensor-board-log.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

// RFC 3720, appendix B.4, and the check value of the Rocksoft model.
test.each([
  ['nine digits', ascii('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 times 255', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
])('crc32c of %s', (_, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum);
  const rotated = ((sum >>> 15) | (sum << 17)) >>> 0;
  expect(maskedCrc32c(bytes)).toBe((rotated + 0xa282ead8) % 2 ** 32);
});

test('the bytes of TensorBoard’s own writer', () => {
  const events: readonly LogEvent[] = [
    { wallTime: 1700000000.25, kind: 'file' },
    { wallTime: 1700000000.25, kind: 'start', step: 7 },
    {
      wallTime: 1700000001.75,
      kind: 'scalars',
      step: 300,
      values: [
        ['epoch/loss', 0.5],
        ['epoch/größe', Number.NaN],
      ],
    },
  ];
  // tensorboard 2.21.0: RecordWriter over Event messages with these fields.
  expect(events.map((event) => hex(eventRecord(event)))).toEqual([
    '1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9',
    '0f000000000000006d532b090900001040fc54d94110073a0208010f417177',
    '3700000000000000e7e8ca590900007040fc54d94110ac022a290a110a0a65706f63682f6c6f7373150000003f0a140a0d65706f63682f6772c3b6c39f65150000c07f5b0af0ce',
  ]);
});

/** The records of a file, each sum checked: step, and what it says. */
function read(bytes: Uint8Array): unknown[] {
  const found: unknown[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at, true);
    expect(view.getUint32(at + 8, true)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 12 + length, true)).toBe(maskedCrc32c(data));
    const fields = fieldsOf(data);
    const [summary] = fields.get(5) ?? [];
    const values = summary instanceof Uint8Array ? fieldsOf(summary).get(1) : undefined;
    found.push([
      fields.get(2)?.[0] ?? 0,
      values === undefined
        ? fields.has(7)
          ? 'start'
          : new TextDecoder().decode(fields.get(3)?.[0] as Uint8Array)
        : Object.fromEntries(
            values.map((each) => {
              const value = fieldsOf(each as Uint8Array);
              return [new TextDecoder().decode(value.get(1)?.[0] as Uint8Array), value.get(2)?.[0]];
            }),
          ),
    ]);
    at += 12 + length + 4;
  }
  return found;
}
function fieldsOf(bytes: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const fields = new Map<number, (number | Uint8Array)[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    let value: number | Uint8Array;
    if (key % 8 === 0) value = varint();
    else if (key % 8 === 1) [value, at] = [view.getFloat64(at, true), at + 8];
    else if (key % 8 === 5) [value, at] = [view.getFloat32(at, true), at + 4];
    else {
      const length = varint();
      [value, at] = [bytes.subarray(at, at + length), at + length];
    }
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

const event = (unit: ProgressEvent['unit'], done: number, metrics: Record<string, number>): ProgressEvent => ({
  ...{ unit, done, of: 10, seconds: done, examples: done, metrics },
});
const run: CallbackRun = { stop() {}, remember() {}, checkpoint: () => Promise.reject(new Error('not asked for')) };

test('epochs stand at their last step; a run that goes on says from where', async () => {
  const parts: number[] = [];
  const log = () => tensorBoardLog({ write: (bytes) => void parts.push(...bytes), everyBatches: 2, startedAt: 0 });
  const first = log();
  for (const each of [
    event('batch', 1, { loss: 1 }),
    event('batch', 2, { loss: 0.5 }),
    event('epoch', 1, { 'validation.loss': 2 }),
  ])
    await first.on(each, run);
  const second = log();
  second.restore?.(first.save?.(run) ?? null, { ...run });
  const later = { ...run };
  second.restore?.(first.save?.(run) ?? null, later);
  for (const each of [event('batch', 3, {}), event('batch', 4, { loss: 0.25 })]) await second.on(each, later);
  expect(read(Uint8Array.from(parts))).toEqual([
    [0, 'brain.Event:2'],
    [1, 'start'],
    [2, { 'batch/loss': 0.5 }],
    [2, { 'epoch/validation.loss': 2 }],
    [0, 'brain.Event:2'],
    [3, 'start'],
    [4, { 'batch/loss': 0.25 }],
  ]);
});

test('trees, large steps, and wrong use', async () => {
  const parts: number[] = [];
  await tensorBoardLog({ write: (bytes) => void parts.push(...bytes) }).on(
    event('tree', 2 ** 40, { outOfBag: 0.5 }),
    run,
  );
  expect(read(Uint8Array.from(parts)).at(-1)).toEqual([2 ** 40, { 'tree/outOfBag': 0.5 }]);
  expect(() => tensorBoardLog({ write() {}, everyBatches: 0 })).toThrow(
    'everyBatches must be a whole number of at least 1, got 0',
  );
});
