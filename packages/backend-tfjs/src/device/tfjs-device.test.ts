import type { Device, Slot } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tfjs } from '../tfjs.ts';
import { bool, callOp, evaluate, float, int, openDevice, put, variants } from './device.fixture.ts';
import type { TfjsDevice } from './tfjs-device.ts';

/** How many pieces of data tfjs itself holds for this device. */
const held = (device: Device): number => (device as TfjsDevice).heldByTfjs();

describe.each(variants)('the device of tfjs-%s', (variant) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(variant);
  }, 60_000);
  afterAll(async () => device.dispose());

  test('says what it is', () => {
    expect(device).toMatchObject({ name: `tfjs-${variant}`, addressing: 'whole', hostVisible: false, languages: [] });
    expect(device.details).toMatch(/^tfjs 4\.22\.0, /);
    expect([...device.dtypes].sort()).toEqual(['bool', 'float32', 'int32', 'uint8']);
  });

  test('data of each dtype comes back as it went, in arrays of its own', async () => {
    for (const array of [
      float([2, 2], [1.5, Number.NaN, -Infinity, -0]),
      int([3], [2_147_483_647, -2_147_483_648, 16_777_217]),
      bool([3], [0, 1, 1]),
      { shape: [2], dtype: 'uint8' as const, data: [0, 255] },
      float([], [7]),
    ]) {
      const slot = put(device, array);
      const first = await device.download(slot);
      expect([...first]).toEqual(array.data);
      expect(first.BYTES_PER_ELEMENT).toBe(array.dtype === 'float32' || array.dtype === 'int32' ? 4 : 1);
      first.fill(0);
      expect([...(await device.download(slot))]).toEqual(array.data);
      device.free(slot.buffer);
    }
  });

  test('an upload copies: the array may change afterwards', async () => {
    const data = Float32Array.of(1, 2);
    const slot: Slot = { buffer: device.allocate(8), offset: 0, spec: { shape: [2], dtype: 'float32' } };
    device.upload(slot, data);
    data.fill(9);
    expect([...(await device.download(slot))]).toEqual([1, 2]);
    device.upload(slot, Float32Array.of(3, 4));
    expect([...(await device.download(slot))]).toEqual([3, 4]);
    device.free(slot.buffer);
  });

  test('a buffer may be read under another shape, freed while work uses it, and freed twice', async () => {
    const slot = put(device, float([2, 3], [1, 2, 3, 4, 5, 6]));
    const out: Slot = { buffer: device.allocate(24), offset: 0, spec: { shape: [2, 3], dtype: 'float32' } };
    const turned: Slot = { ...slot, spec: { shape: [3, 2], dtype: 'float32' } };
    const call = { inputs: [turned.spec], outputs: [out.spec], attributes: { axes: [1, 0] } };
    device.native?.({ name: 'core/transpose' }, call)?.run([out], [turned], call.attributes, []);
    const reading = device.download(out);
    device.free(slot.buffer);
    device.free(slot.buffer);
    device.free(out.buffer);
    expect([...(await reading)]).toEqual([1, 3, 5, 2, 4, 6]);
  });

  test('an output may stand where an input stood', async () => {
    const slot = put(device, float([2], [1, 2]));
    const double = device.prepareExpressions([{ binary: 'add', x: { input: 0 }, y: { input: 0 } }], {
      inputs: [slot.spec],
      outputs: [slot.spec],
      attributes: {},
    });
    if (!double) throw new Error('must lower');
    for (let i = 0; i < 3; i++) device.dispatch(double, [slot], [slot], []);
    expect([...(await device.download(slot))]).toEqual([8, 16]);
    device.free(slot.buffer);
  });

  test('counts its memory, and leaves nothing in tfjs', async () => {
    const before = device.memory();
    const work = async (): Promise<void> => {
      const x = float(
        [4, 6],
        Array.from({ length: 24 }, (_, i) => i),
      );
      await callOp(device, 'core/reduce', [x], {
        attributes: { kind: 'sum', axes: [0] },
        outputs: [{ shape: [6], dtype: 'float32' }],
      });
      await callOp(device, 'core/slice', [x], {
        attributes: { begin: [3, 5], size: [2, 3], step: [-2, -2] },
        outputs: [{ shape: [2, 3], dtype: 'float32' }],
      });
      await callOp(device, 'core/sort', [int([5], [3, 1, 2, 5, 4])], {
        attributes: { descending: true },
        outputs: [
          { shape: [5], dtype: 'int32' },
          { shape: [5], dtype: 'int32' },
        ],
      });
      await callOp(device, 'core/arg-reduce', [x], {
        attributes: { kind: 'max', axis: 1 },
        outputs: [{ shape: [4], dtype: 'int32' }],
      });
      await callOp(device, 'core/reshape-like', [x], { outputs: [] }).catch(() => {});
      await callOp(device, 'core/slice', [x], {
        attributes: { begin: [0, 0], size: [4, 6], step: [1, 1] },
        outputs: [{ shape: [4, 6], dtype: 'float32' }],
      });
      await evaluate(
        device,
        [
          {
            where: { binary: 'lt', x: { input: 0 }, y: { constant: 3 } },
            x: { unary: 'tanh', x: { input: 0 } },
            y: { argument: 0 },
          },
        ],
        [x],
        { args: [0.5], outputs: [{ shape: [4, 6], dtype: 'float32' }] },
      );
    };
    await work(); // fills the cache of constants
    const data = held(device);
    for (let i = 0; i < 3; i++) await work();
    expect(held(device)).toBe(data);
    expect(device.memory()).toMatchObject({ live: before.live, buffers: before.buffers });
    const slot = put(device, float([5], [1, 2, 3, 4, 5]));
    expect(device.memory()).toMatchObject({ live: before.live + 20, buffers: before.buffers + 1 });
    expect(device.memory().peak).toBeGreaterThanOrEqual(before.live + 20);
    expect(held(device)).toBe(data + 1);
    device.free(slot.buffer);
  });

  test('a failing routine frees what it made', async () => {
    const data = held(device);
    const x = float([2], [1, 2]);
    await expect(
      callOp(device, 'core/transpose', [x], { attributes: { axes: [0] }, outputs: [{ shape: [2], dtype: 'int32' }] }),
    ).rejects.toMatchObject({ code: 'BACKEND' });
    expect(held(device)).toBe(data);
  });

  test('refuses what is larger than its limit, with numbers', () => {
    const limit = device.limits.bufferBytes;
    expect(() => device.allocate(limit + 4)).toThrow(
      `tfjs-${variant}: tensors must fit the limit of one tensor (${limit} bytes), got ${limit + 4} bytes with ${device.memory().live} live. Use smaller batches.`,
    );
    const spec = { shape: [limit / 4 + 1], dtype: 'float32' as const };
    const huge = device.prepareExpressions([{ constant: 1 }], { inputs: [], outputs: [spec], attributes: {} });
    if (!huge || variant !== 'webgpu') return;
    const slot: Slot = { buffer: device.allocate(4), offset: 0, spec };
    expect(() => device.dispatch(huge, [slot], [], [])).toThrow(/must fit the device's limit of \d+ bytes/);
    device.free(slot.buffer);
  });

  test('reading before writing, foreign buffers and float64 are refused', async () => {
    const slot: Slot = { buffer: device.allocate(4), offset: 0, spec: { shape: [1], dtype: 'float32' } };
    await expect(device.download(slot)).rejects.toThrow('a tensor must be written before it is read, and was not');
    await expect(device.download({ ...slot, buffer: { bytes: 4, references: 0 } })).rejects.toThrow(
      "a buffer must be this device's own, got another's",
    );
    device.free(slot.buffer);
    const spec = { shape: [1], dtype: 'float64' as const };
    expect(
      device.prepareExpressions([{ input: 0 }], { inputs: [spec], outputs: [spec], attributes: {} }),
    ).toBeUndefined();
    expect(device.native?.({ name: 'core/unheard-of' }, { inputs: [], outputs: [], attributes: {} })).toBeUndefined();
  });

  test('random bits ask for a counter that the host knows', async () => {
    const counter = put(device, int([], [1]));
    const next: Slot = { buffer: device.allocate(4), offset: 0, spec: { shape: [], dtype: 'int32' } };
    const increment = device.prepareExpressions([{ binary: 'add', x: { input: 0 }, y: { constant: 1 } }], {
      inputs: [counter.spec],
      outputs: [next.spec],
      attributes: {},
    });
    if (!increment) throw new Error('must lower');
    device.dispatch(increment, [next], [counter], []);
    const out: Slot = { buffer: device.allocate(8), offset: 0, spec: { shape: [2], dtype: 'int32' } };
    const bits = device.native?.(
      { name: 'core/random-bits' },
      { inputs: [next.spec], outputs: [out.spec], attributes: { shape: [2] } },
    );
    const run = (): void => bits?.run([out], [next], {}, [1, 2]);
    if (variant === 'webgpu')
      expect(run).toThrow('core/random-bits: its counter must be known on the host on tfjs-webgpu');
    else {
      run();
      const [wanted] = await callOp(device, 'core/random-bits', [int([], [2])], {
        attributes: { shape: [2] },
        args: [1, 2],
        outputs: [out.spec],
      });
      expect([...(await device.download(out))]).toEqual(wanted);
    }
    for (const { buffer } of [counter, next, out]) device.free(buffer);
  });

  test('sync waits, and two devices live side by side', async () => {
    const other = await openDevice(variant === 'cpu' ? 'wasm' : 'cpu');
    const [a, b] = [put(device, float([1], [1])), put(other, float([1], [2]))];
    await device.sync();
    await other.sync();
    expect([...(await device.download(a)), ...(await other.download(b))]).toEqual([1, 2]);
    device.free(a.buffer);
    await other.dispose();
    await other.dispose();
    expect(() => other.allocate(4)).toThrow('device must be open, got a disposed one');
    expect(other.memory()).toMatchObject({ live: 0, buffers: 0 });
  });

  test('a second device of the same kind does not take the first one along', async () => {
    const second = await openDevice(variant);
    const slot = put(device, float([2], [3, 4]));
    await second.dispose();
    expect([...(await device.download(slot))]).toEqual([3, 4]);
    device.free(slot.buffer);
  });
});

test('opening leaves no listener for uncaught errors on the process, and tfjs with no backend chosen', async () => {
  const before = process.listenerCount('uncaughtException');
  const device = await tfjs('wasm').open();
  expect(device).toHaveProperty('name', 'tfjs-wasm');
  expect(process.listenerCount('uncaughtException')).toBe(before);
});
