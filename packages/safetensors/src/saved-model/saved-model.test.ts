import { crc32 } from 'node:zlib';
import { isDendriteError, type Json, type SavedModel } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../file/read-safetensors.ts';
import { writeSafetensors } from '../file/write-safetensors.ts';
import { fromBytes } from './from-bytes.ts';
import { isCheckpoint } from './is-checkpoint.ts';
import { checkpoint, savedModel } from './saved-model.fixture.ts';
import { toBytes } from './to-bytes.ts';

test('a model comes back as it was', () => {
  const back = fromBytes(toBytes(savedModel));
  expect(back).toEqual(savedModel);
  expect(isCheckpoint(back)).toBe(false);
  expect(toBytes(back)).toEqual(toBytes(savedModel));
});

test('a checkpoint comes back with its cursor and callbacks', () => {
  const back = fromBytes(toBytes(checkpoint));
  expect(back).toEqual(checkpoint);
  expect(isCheckpoint(back) && back.cursor).toEqual({ epoch: 1, batch: 7, step: 107 });
});

test('a model without labels and probe has none afterwards', () => {
  const { labels: _, probe: __, ...header } = savedModel.header;
  const back = fromBytes(toBytes({ header: { ...header, task: 'regression' }, arrays: {} }));
  expect('labels' in back.header || 'probe' in back.header).toBe(false);
});

test('other programs find plain arrays and readable metadata', () => {
  const { arrays, metadata } = readSafetensors(toBytes(savedModel));
  expect(arrays.codes).toEqual(savedModel.arrays.codes);
  expect(metadata.format).toBe('dendrite');
  expect(JSON.parse(metadata.header ?? '')).toMatchObject({ seed: 2 ** 40, labels: ['cat', 'dog "x"', 3, true] });
});

test('the checksum is the CRC-32 of zip, with zeros in its place', () => {
  const file = toBytes(savedModel);
  const { checksum = '' } = readSafetensors(file).metadata;
  const blank = Buffer.from(Buffer.from(file).toString('latin1').replace(checksum, '00000000'), 'latin1');
  expect(checksum).toBe(crc32(blank).toString(16).padStart(8, '0'));
});

test('arrays that changed after they were saved are refused, wherever the file lies in its memory', () => {
  const file = toBytes(savedModel);
  const placed = new Uint8Array(file.length + 3).subarray(3);
  placed.set(file);
  expect(fromBytes(placed)).toEqual(savedModel);
  placed[placed.length - 1] = 1 ^ (placed[placed.length - 1] ?? 0);
  expect(() => fromBytes(placed)).toThrow(/the checksum must be [0-9a-f]{8}, got [0-9a-f]{8}\. The file is damaged/);
  // Another program that writes the arrays anew says so by leaving it out.
  const { arrays, metadata } = readSafetensors(placed);
  const { checksum: _, ...texts } = metadata;
  expect(fromBytes(writeSafetensors(arrays, texts)).header).toEqual(savedModel.header);
});

describe('toBytes() refuses', () => {
  test('a config that JSON would change in silence', () => {
    const broken: SavedModel = { ...savedModel, header: { ...savedModel.header, config: { rate: Number.NaN } } };
    expect(() => toBytes(broken)).toThrow('toBytes(): header.config.rate must be JSON');
  });

  test('a name that no reader takes', () => {
    const named = (length: number): SavedModel => ({
      ...savedModel,
      header: { ...savedModel.header, model: { name: 'x'.repeat(length), version: '1', api: 1 } },
    });
    expect(() => toBytes(named(201))).toThrow("toBytes(): the model's name must have at most 200 characters, got 201");
    expect(fromBytes(toBytes(named(200)))).toEqual(named(200));
  });
});

describe('fromBytes() refuses', () => {
  const altered = (
    changes: { readonly [name: string]: Json | undefined },
    metadata: Record<string, string> = {},
  ): Uint8Array => {
    const header = JSON.stringify({ ...savedModel.header, ...changes });
    return writeSafetensors(savedModel.arrays, { format: 'dendrite', header, ...metadata });
  };
  test.each<[string, Uint8Array, string]>([
    [
      'another program’s file',
      writeSafetensors({}, { format: 'pt' }),
      'got names ["format"]. This is a safetensors file of another program',
    ],
    ['a file without metadata', writeSafetensors({}), 'got no metadata'],
    [
      'a name that no model has, as of a damaged checksum',
      altered({}, { bhecksum: '00000000' }),
      '__metadata__ must have format, header, checksum, cursor, callbacks, run alone, got "bhecksum"',
    ],
    ['a later version', altered({ version: 2 }), 'header.version must be 1, got "2". A newer Dendrite saved this file'],
    ['another format', altered({ format: 'x' }), 'header.format must be "dendrite"'],
    ['no model', altered({ model: undefined }), 'header.model must be an object, got nothing'],
    ['another api', altered({ model: { name: 'a', version: '1', api: 2 } }), 'header.model.api must be 1'],
    ['a model without a name', altered({ model: { version: '1', api: 1 } }), 'header.model.name must be a text'],
    [
      'a model whose name is as long as a file',
      altered({ model: { name: 'x'.repeat(201), version: '1', api: 1 } }),
      'header.model.name must be a text of at most 200 characters, got "',
    ],
    ['another task', altered({ task: 'clustering' }), 'header.task must be "classification" or "regression"'],
    ['labels that are no array', altered({ labels: {} }), 'header.labels must be an array'],
    ['a label that is an object', altered({ labels: ['a', {}] }), 'header.labels[1] must be a text, number or boolean'],
    [
      'a label twice',
      altered({ labels: ['a', 'b', 'a'] }),
      'header.labels[2] must be another label than those before it',
    ],
    ['a fraction as seed', altered({ seed: 0.5 }), 'header.seed must be a whole number from 0, got "0.5"'],
    ['no config', altered({ config: undefined }), 'header.config must be there, got nothing'],
    ['a number as fingerprint', altered({ data: 5 }), 'header.data must be a text'],
    ['a version that is no text', altered({ packages: { a: 1 } }), 'header.packages.a must be a text'],
    ['a negative tolerance', altered({ probe: { tolerance: -1 } }), 'header.probe.tolerance must be a number from 0'],
    [
      'a probe without arrays',
      writeSafetensors({}, { format: 'dendrite', header: JSON.stringify(savedModel.header) }),
      'must have the array "probe.input", got none',
    ],
    [
      'half a checkpoint',
      altered({}, { cursor: '{"epoch":0,"batch":0,"step":0}' }),
      'must have "cursor", "callbacks" and "run" in __metadata__, got 1 of them',
    ],
    [
      'a cursor of text',
      altered({}, { cursor: '{"epoch":"0"}', callbacks: '{}', run: '{}' }),
      'cursor.epoch must be a whole number from 0',
    ],
    [
      'callbacks of another kind',
      altered({}, { cursor: '{"epoch":0,"batch":0,"step":0}', callbacks: '[]', run: '{}' }),
      'callbacks must be an object',
    ],
    [
      'a header that is no JSON',
      writeSafetensors({}, { format: 'dendrite', header: '{' }),
      '__metadata__.header must have a quoted name here',
    ],
    [
      'a prototype in the config',
      writeSafetensors({}, { format: 'dendrite', header: '{"config":{"__proto__":{}}}' }),
      'must not use the name "__proto__"',
    ],
  ])('%s', (_, bytes, message) => {
    const thrown = ((): unknown => {
      try {
        return fromBytes(bytes);
      } catch (error) {
        return error;
      }
    })();
    expect(isDendriteError(thrown, 'FORMAT') && thrown.message).toContain(message);
  });
});
