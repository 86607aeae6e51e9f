/** npy: files made by hand after the format's page; what numpy itself writes is read in packages/tests, where numpy is there. */
import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { readNpy } from './read-npy.ts';

const npy = (header: string, data: readonly number[], version = 1): Uint8Array => {
  const text = new TextEncoder().encode(header);
  const length = version === 1 ? [text.length, 0] : [text.length, 0, 0, 0];
  return new Uint8Array([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...length, ...text, ...data]);
};
const said = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
const packed = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(
    await new Response(
      new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('gzip')),
    ).arrayBuffer(),
  );
const failure = async (file: Uint8Array, options = {}): Promise<string> => {
  const error: unknown = await readNpy(file, options).catch((thrown: unknown) => thrown);
  if (!isDendriteError(error, 'FORMAT')) throw new Error(`not refused: ${String(error)}`);
  return error.message;
};

test('element types, byte orders, scalars and empty arrays', async () => {
  expect(await readNpy(npy(said('<i2', '(3,)'), [1, 0, 255, 255, 0, 1]))).toEqual({
    dtype: 'int32',
    shape: [3],
    data: Int32Array.of(1, -1, 256),
  });
  expect((await readNpy(npy(said('>f4', '(1, 1)'), [0x3f, 0xc0, 0, 0]))).data).toEqual(Float32Array.of(1.5));
  expect(await readNpy(npy(said('|b1', '()'), [1]))).toEqual({ dtype: 'bool', shape: [], data: Uint8Array.of(1) });
  expect((await readNpy(npy(said('<f8', '(0, 3)'), [], 2))).data).toEqual(new Float64Array(0));
  expect((await readNpy(npy(said('<i8', '(1,)'), [254, 255, 255, 255, 255, 255, 255, 255]))).data[0]).toBe(-2);
});

test('columns first becomes rows first, gzipped or not', async () => {
  // [[1, 2, 3], [4, 5, 6]] as numpy.asfortranarray writes it
  const file = npy(said('|u1', '(2, 3)', 'True'), [1, 4, 2, 5, 3, 6]);
  for (const bytes of [file, await packed(file)])
    expect((await readNpy(bytes)).data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
});

test('whatever is not such a file is refused in words', async () => {
  expect(await failure(new TextEncoder().encode('not numpy'))).toMatch(/NUMPY/);
  expect(await failure(npy(said('|O', '(1,)'), [0]))).toMatch(/programs/);
  expect(await failure(npy(said('<f4', '(2,)'), [0, 0, 0, 0]))).toMatch(/must have \d+ bytes/);
  expect(await failure(npy(said('<f4', '(2,)'), new Array(12).fill(0)))).toMatch(/must have \d+ bytes/);
  expect(await failure(npy(said('<f8', '(99999999, 99999999)'), []))).toMatch(/at most 1073741824/);
  expect(await failure(npy(said('<u4', '(1,)'), [255, 255, 255, 255]))).toMatch(/int32/);
  expect(await failure(npy("{'descr': '<f4', 'shape': (1,), }", [0, 0, 0, 0]))).toMatch(/fortran_order/);
  expect(await failure(npy("{'descr': __import__('os'), 'fortran_order': False, 'shape': ()}", []))).toMatch(/descr/);
  expect(await failure((await packed(npy(said('|u1', '(1000,)'), new Array(1000).fill(7)))).subarray(0, 60))).toMatch(
    /gzip/,
  );
  expect(await failure(await packed(npy(said('|u1', '(4,)'), new Array(1_000_000).fill(0))))).toMatch(/got more/);
});
