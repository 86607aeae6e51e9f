import { toBytes } from '@dendrite/safetensors';
import { expect, test } from 'vitest';
import { randomForestClassifier } from './forests.ts';

test('in a browser: the WASM engine runs, and grows the bits of the JavaScript engine', async () => {
  const x = Array.from({ length: 90 }, (_, i) => [(i * 7) % 31, (i * 13) % 17]);
  const y = x.map(([a = 0, b = 0]) => (a > 15 ? 'right' : b > 8 ? 'up' : 'down'));
  const fit = (engine: 'wasm' | 'js') => randomForestClassifier({ trees: 10, engine }).fit({ x, y }, { seed: 2 });
  const [wasm, js] = [await fit('wasm'), await fit('js')];
  expect(wasm.engine).toBe('wasm');
  expect(toBytes(await wasm.save())).toEqual(toBytes(await js.save()));
  expect(await wasm.predict(x)).toEqual(y);
});
