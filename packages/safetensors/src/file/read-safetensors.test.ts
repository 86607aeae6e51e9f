import { isDendriteError } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { entry, fileOf } from './file.fixture.ts';
import { readSafetensors } from './read-safetensors.ts';

/** The message of the FORMAT error that reading gives. */
function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (isDendriteError(error, 'FORMAT')) return error.message;
    throw error;
  }
  return 'it was read';
}

const two = (a: string, b: string): string => `{"a":${a},"b":${b}}`;

describe('a file', () => {
  test('in the reference layout is read, in the order of its data, with its metadata', () => {
    const bytes = fileOf(
      `{"__metadata__":{"format":"pt","é":"\\u00e9\\n"},"b":${entry('I32', [1], 8, 12)},"a":${entry('F32', [1, 2], 0, 8)}}   `,
      [0, 0, 128, 63, 0, 0, 0, 192, 255, 255, 255, 255],
    );
    const { arrays, metadata } = readSafetensors(bytes);
    expect(Object.keys(arrays)).toEqual(['a', 'b']);
    expect(arrays).toEqual({
      a: { dtype: 'float32', shape: [1, 2], data: new Float32Array([1, -2]) },
      b: { dtype: 'int32', shape: [1], data: new Int32Array([-1]) },
    });
    expect(metadata).toEqual({ format: 'pt', é: 'é\n' });
  });

  test('may be empty, have scalars and arrays of no elements, and start anywhere in a buffer', () => {
    expect(readSafetensors(fileOf('{}'))).toEqual({ arrays: {}, metadata: {} });
    const file = fileOf(`{"none":${entry('F32', [3, 0], 4, 4)},"one":${entry('F32', [], 0, 4)}}`, [0, 0, 0, 64]);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(readSafetensors(shifted.subarray(3)).arrays).toEqual({
      one: { dtype: 'float32', shape: [], data: new Float32Array([2]) },
      none: { dtype: 'float32', shape: [3, 0], data: new Float32Array(0) },
    });
  });

  test('gives copies: nothing points into it', () => {
    const file = fileOf(`{"a":${entry('U8', [1], 0, 1)}}`, [7]);
    const { a } = readSafetensors(file).arrays;
    file.fill(0);
    expect(a?.data).toEqual(new Uint8Array([7]));
  });

  test('with odd offsets is read: the format does not align data', () => {
    const file = fileOf(two(entry('U8', [1], 0, 1), entry('F32', [1], 1, 5)), [9, 0, 0, 128, 63]);
    expect(readSafetensors(file).arrays.b?.data).toEqual(new Float32Array([1]));
  });
});

describe('each stored type', () => {
  const one = (dtype: string, width: number, data: readonly number[]): ArrayLike<number> | undefined =>
    readSafetensors(fileOf(`{"a":${entry(dtype, [data.length / width], 0, data.length)}}`, data)).arrays.a?.data;

  test('F32 and F64 keep NaN payloads and −0, bit for bit', () => {
    const bits = [0x7fc00123, 0xffc00000, 0x80000000, 0x7f800000, 0x00000001];
    const float32 = one('F32', 4, [...new Uint8Array(Uint32Array.from(bits).buffer)]);
    expect(float32 instanceof Float32Array && [...new Uint32Array(float32.buffer)]).toEqual(bits);
    const bits64 = [0x7ff8000000000abcn, 0x8000000000000000n];
    const float64 = one('F64', 8, [...new Uint8Array(BigUint64Array.from(bits64).buffer)]);
    expect(float64 instanceof Float64Array && [...new BigUint64Array(float64.buffer)]).toEqual(bits64);
  });

  test('F16 becomes float32, exactly', () => {
    // 1, −2, largest, smallest normal, largest subnormal, smallest subnormal, −0, ∞, NaN
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x03ff, 0x0001, 0x8000, 0x7c00, 0x7e00);
    expect(one('F16', 2, [...new Uint8Array(halves.buffer)])).toEqual(
      new Float32Array([1, -2, 65504, 2 ** -14, 1023 * 2 ** -24, 2 ** -24, -0, Number.POSITIVE_INFINITY, Number.NaN]),
    );
  });

  test('every finite F16 has the value of its formula', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const values = one('F16', 2, [...new Uint8Array(halves.buffer)]) ?? [];
    for (let half = 0; half < 65536; half++) {
      const exponent = (half >> 10) & 31;
      if (exponent === 31) continue;
      const fraction = half & 1023;
      const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
      if (!Object.is(values[half], half < 32768 ? size : -size)) expect([half, values[half]]).toEqual([half, size]);
    }
  });

  test('BF16 is the upper half of a float32', () => {
    expect(one('BF16', 2, [0x80, 0x3f, 0x00, 0xc0, 0x00, 0x80])).toEqual(new Float32Array([1, -2, -0]));
  });

  test('whole numbers that fit become int32', () => {
    expect(one('I8', 1, [255, 127])).toEqual(new Int32Array([-1, 127]));
    expect(one('I16', 2, [0, 128, 255, 127])).toEqual(new Int32Array([-32768, 32767]));
    expect(one('U16', 2, [255, 255])).toEqual(new Int32Array([65535]));
    expect(one('U32', 4, [255, 255, 255, 127])).toEqual(new Int32Array([2147483647]));
    expect(one('I64', 8, [0, 0, 0, 128, 255, 255, 255, 255])).toEqual(new Int32Array([-2147483648]));
    expect(one('U64', 8, [5, 0, 0, 0, 0, 0, 0, 0])).toEqual(new Int32Array([5]));
    expect(one('BOOL', 1, [0, 1])).toEqual(new Uint8Array([0, 1]));
  });

  test('whole numbers that do not fit are refused with their place', () => {
    const message = refusal(
      fileOf(`{"a":${entry('I64', [2], 0, 16)}}`, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 0, 0, 0, 0]),
    );
    expect(message).toBe(
      'safetensors: element 1 of "a" (I64) must fit int32, got 2147483648. Store it as F64 or as smaller numbers: there is no 64-bit integer here.',
    );
    expect(refusal(fileOf(`{"a":${entry('U32', [1], 0, 4)}}`, [0, 0, 0, 128]))).toContain('got 2147483648');
    expect(refusal(fileOf(`{"a":${entry('BOOL', [2], 0, 2)}}`, [1, 2]))).toContain(
      'element 1 of "a" (BOOL) must be 0 or 1, got 2',
    );
  });
});

describe('a hostile or damaged file is refused before memory is taken:', () => {
  const F32 = entry('F32', [1], 0, 4);
  const data = [0, 0, 0, 0];
  test.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(0), 'at least 8 bytes, got 0'],
    ['half a length', new Uint8Array(7), 'at least 8 bytes, got 7'],
    [
      'a header longer than the file',
      fileOf('{}', [], 3),
      "header's length (bytes 0 to 7) must be at most 2 in a file of 10 bytes, got 3",
    ],
    ['a header of 2⁶³ bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128, 123, 125), 'got 9223372036854776000'],
    ['an empty header', fileOf('', data), 'must begin with "{", got nothing'],
    ['a header that is no object', fileOf('[]'), 'must begin with "{", got byte 91'],
    ['white space first', fileOf(' {}'), 'must begin with "{", got byte 32'],
    ['a byte order mark', fileOf('\ufeff{}'), 'must begin with "{", got byte 239'],
    ['bad UTF-8', fileOf(Uint8Array.of(123, 34, 0xc3, 0x28, 34, 58, 49, 125)), 'must be UTF-8'],
    ['an overlong encoding', fileOf(Uint8Array.of(123, 34, 0xc0, 0xaf, 34, 58, 49, 125)), 'must be UTF-8'],
    ['half a header', fileOf(`{"a":${F32.slice(0, -1)}`, data), 'the header must have "}" here, got ""'],
    ['text after the header', fileOf(`{"a":${F32}}x`, data), 'the header must end after its value, got "x"'],
    ['a NUL after the header', fileOf(`{"a":${F32}}\0`, data), 'the header must end after its value'],
    ['an array named twice', fileOf(`{"a":${F32},"a":${F32}}`, data), 'must name each thing once, got "a" twice'],
    ['a name twice, once escaped', fileOf(`{"a":${F32},"\\u0061":${F32}}`, data), 'got "a" twice'],
    ['metadata twice', fileOf('{"__metadata__":{},"__metadata__":{}}'), 'got "__metadata__" twice'],
    ['__proto__', fileOf(`{"__proto__":${F32}}`, data), 'must not use the name "__proto__"'],
    ['constructor', fileOf(`{"constructor":${F32}}`, data), 'must not use the name "constructor"'],
    ['a path through a prototype', fileOf(`{"a.__proto__.b":${F32}}`, data), 'must not use the name "a.__proto__.b"'],
    ['prototype in metadata', fileOf('{"__metadata__":{"prototype":"x"}}'), 'must not use the name "prototype"'],
    ['metadata that is no text', fileOf('{"__metadata__":{"a":1}}'), '__metadata__."a" must be a text, got a number'],
    ['metadata that is no object', fileOf('{"__metadata__":[]}'), '__metadata__ must be an object, got an array'],
    ['an entry that is no object', fileOf('{"a":null}'), 'array "a" must be an object, got null'],
    [
      'a missing dtype',
      fileOf('{"a":{"shape":[],"data_offsets":[0,4]}}', data),
      'array "a" must have "dtype", got none',
    ],
    ['another field', fileOf('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}}', data), 'only, got "x"'],
    [
      'an unknown dtype',
      fileOf(`{"a":${entry('F8_E4M3', [4], 0, 4)}}`, data),
      'dtype must be one of F64, F32, I32, U8, BOOL, I64,',
    ],
    ['a dtype from a prototype', fileOf(`{"a":${entry('toString', [4], 0, 4)}}`, data), 'got "toString"'],
    ['a dtype that is no text', fileOf('{"a":{"dtype":[],"shape":[],"data_offsets":[0,0]}}'), 'got an array'],
    [
      'a negative length',
      fileOf(`{"a":${entry('F32', [-1], 0, 4)}}`, data),
      'array "a": shape must be whole numbers from 0 to 2⁵³ − 1, got [-1]',
    ],
    ['half an element', fileOf(`{"a":${entry('F32', [0.5], 0, 2)}}`, data), 'shape must be whole numbers'],
    ['a length beyond 2⁵³', fileOf(`{"a":${entry('F32', [2 ** 53], 0, 4)}}`, data), 'shape must be whole numbers'],
    [
      'a product that overflows',
      fileOf(`{"a":${entry('U8', [2 ** 32, 2 ** 32], 0, 0)}}`),
      'shape must be less than 2⁵³ bytes, got [4294967296,4294967296]',
    ],
    [
      'a product that wraps to 4',
      fileOf(`{"a":${entry('U8', [2 ** 32 + 1, 2 ** 32, 4], 0, 4)}}`, data),
      'less than 2⁵³ bytes',
    ],
    [
      'a huge array in a small file',
      fileOf(`{"a":${entry('F32', [2 ** 40], 0, 2 ** 42)}}`, data),
      'must end within the 4 bytes of data',
    ],
    [
      'a shape that is no array',
      fileOf('{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}', data),
      'shape must be an array of whole numbers, got a number',
    ],
    [
      'a shape that mismatches',
      fileOf(`{"a":${entry('F32', [2], 0, 4)}}`, data),
      'data_offsets must span the 8 bytes of F32 [2], got 4 ([0,4])',
    ],
    [
      'offsets within an element',
      fileOf(`{"a":${entry('F32', [1], 0, 3)}}`, [0, 0, 0]),
      'must span the 4 bytes of F32 [1], got 3',
    ],
    [
      'offsets backwards',
      fileOf(`{"a":${entry('F32', [1], 4, 0)}}`, data),
      'data_offsets must be [begin, end] with begin ≤ end, got [4,0]',
    ],
    ['three offsets', fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}', data), 'must be [begin, end]'],
    ['one offset', fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', data), 'must be [begin, end]'],
    [
      'an end behind the data',
      fileOf(`{"a":${entry('F32', [1], 4, 8)}}`, data),
      'must end within the 4 bytes of data, got data_offsets [4,8]',
    ],
    [
      'overlapping arrays',
      fileOf(two(entry('F32', [1], 0, 4), entry('F32', [1], 2, 6)), [...data, 0, 0]),
      'array "b" must not overlap another, got data_offsets [2,6] after byte 4',
    ],
    ['one place for two arrays', fileOf(two(F32, F32), data), 'must not overlap another'],
    [
      'a hole',
      fileOf(two(F32, entry('F32', [1], 5, 9)), [...data, 0, 0, 0, 0, 0]),
      'must follow the array before it at byte 4, got a hole up to byte 5',
    ],
    [
      'a hole at the start',
      fileOf(`{"a":${entry('F32', [1], 1, 5)}}`, [0, ...data]),
      'at byte 0, got a hole up to byte 1',
    ],
    [
      'bytes behind the data',
      fileOf(`{"a":${F32}}`, [...data, 0]),
      'the data must end with the last array at byte 4, got 1 bytes more',
    ],
    ['data without arrays', fileOf('{}', data), 'got 4 bytes more'],
  ])('%s', (_, bytes, message) => {
    expect(refusal(bytes)).toContain(message);
  });

  test('nesting deeper than any stack', () => {
    expect(refusal(fileOf(`{"a":${'['.repeat(1e6)}`))).toContain('must nest at most 200 levels deep');
    expect(refusal(fileOf(`{"a":${'{"a":'.repeat(1e6)}`))).toContain('must nest at most 200 levels deep');
  });

  test('every beginning of a file', () => {
    const whole = fileOf(two(entry('F32', [1], 0, 4), entry('U8', [2], 4, 6)), [...data, 1, 2]);
    for (let length = 0; length < whole.length; length++)
      expect(refusal(whole.subarray(0, length))).not.toBe('it was read');
  });

  test('names and values are quoted and cut in messages', () => {
    const message = refusal(fileOf(`{"\\u001b[31m${'x'.repeat(5000)}":1}`));
    expect(message).toContain('array "\\u001b[31mxxx');
    expect(message.length).toBeLessThan(300);
  });

  test('what is not bytes is the caller’s mistake, not the file’s', () => {
    // @ts-expect-error An ArrayBuffer is not a Uint8Array.
    expect(() => readSafetensors(new ArrayBuffer(8))).toThrow(
      'readSafetensors(): the file must be a Uint8Array, got ArrayBuffer. Wrap an ArrayBuffer: new Uint8Array(buffer).',
    );
  });
});
