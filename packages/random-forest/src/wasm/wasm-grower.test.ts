import { readFile } from 'node:fs/promises';
import { hostKey, integers, normals } from '@dendrite/random';
import { toBytes } from '@dendrite/safetensors';
import { listing } from '@dendrite/wasm-assembler';
import { expect, test } from 'vitest';
import { randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';
import { generated, growKernels } from './kernels.emit.ts';

test('the modules here are those that their emitter writes', async () => {
  for (const [name, text] of generated())
    expect(await readFile(new URL(`./${name}.gen.ts`, import.meta.url), 'utf8')).toBe(text);
  expect(listing(growKernels('binary', false))).toContain('grow($own: i32, $entered: i32, $outside: i32): i32');
});

function cloud(
  rows: number,
  features: number,
  classes: number,
  whole: boolean,
): { x: { data: Float32Array; shape: number[] }; y: number[] } {
  const noise = normals(hostKey(rows + classes), rows * features);
  const codes = integers(hostKey(classes + 1), rows, Math.max(2, classes));
  const data = Float32Array.from(noise, (value, i) => {
    const moved = value + ((codes[Math.floor(i / features)] as number) % 3) * ((i % features) % 3);
    return whole ? Math.round(4 * moved) : moved;
  });
  const y = Array.from(codes, (code, i) => (classes === 0 ? code + (data[i * features] as number) : code));
  return { x: { data, shape: [rows, features] }, y };
}

// Rows: few, odd, more than 256 (all marks used); 40,000 and 66,000: above the weights where 16-bit lanes and halves stop.
test.each([
  [4, 2, 0],
  [57, 5, 2],
  [700, 4, 2],
  [20, 3, 3],
  [57, 5, 4],
  [700, 4, 7],
  [900, 3, 19],
  [40_000, 2, 3],
  [66_000, 1, 2],
  [57, 5, 0],
  [700, 4, 0],
  // Wide: row-major codes beside the others.
  [1101, 107, 3],
] as const)(
  '%i rows, %i features, %i classes (0: numbers): WASM grows the bits of JavaScript',
  async (rows, features, classes) => {
    for (const whole of [false, true]) {
      const data = cloud(rows, features, classes, whole);
      const options = { trees: rows > 10_000 ? 2 : 6, ...(rows > 10_000 && { maxDepth: 6 }) };
      const fit = async (engine: 'js' | 'wasm') => {
        const model =
          classes > 0 ? randomForestClassifier({ ...options, engine }) : randomForestRegressor({ ...options, engine });
        const fitted = await model.fit(data, { seed: 3 });
        expect(fitted.engine).toBe(engine);
        return toBytes(await fitted.save());
      };
      expect(Buffer.compare(await fit('wasm'), await fit('js'))).toBe(0);
    }
  },
);

test.each([
  ['nothing special', {}, false, 'wasm'],
  ['exact splits', { splitter: 'exact' }, false, 'js'],
  ['entropy', { criterion: 'entropy' }, false, 'js'],
  ['leaves at most', { maxLeafNodes: 8 }, false, 'js'],
  ['larger leaves', { minSamplesLeaf: 2 }, false, 'js'],
  ['weights', {}, true, 'js'],
] as const)("engine 'wasm' with %s: the forest says what grew it", async (_, options, weighed, grownBy) => {
  const { x, y } = cloud(57, 5, 4, false);
  const data = { x, y, ...(weighed && { sampleWeight: y.map((_, i) => 1 + (i % 2)) }) };
  const fitted = await randomForestClassifier({ trees: 2, engine: 'wasm', ...options }).fit(data);
  expect(fitted.engine).toBe(grownBy);
});

// 17,000: more than are walked at a time.
test.each([1, 7, 8, 9, 17_000])('%i rows find the leaves in WASM that they find in JavaScript', async (rows) => {
  for (const classes of [0, 2, 5]) {
    const data = cloud(300, 6, classes, false);
    const model = classes > 0 ? randomForestClassifier({ trees: 7 }) : randomForestRegressor({ trees: 7 });
    const fitted = await model.fit(data, { seed: 1 });
    const x = cloud(rows, 6, 3, false).x;
    const together = await fitted.predict(x);
    for (let row = 0; row < rows; row += 1097) {
      const alone = await fitted.predict({ data: x.data.slice(6 * row, 6 * row + 6), shape: [1, 6] });
      expect(alone[0]).toBe(together[row]);
    }
  }
});
