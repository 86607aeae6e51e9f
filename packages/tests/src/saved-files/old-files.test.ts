/** Versions are readable for good: every file that an earlier version saved loads, and answers as it did then. */
import { readdirSync, readFileSync } from 'node:fs';
import { fromBytes, isCheckpoint, load, toBytes } from '@dendrite/model';
import { isDendriteError, type Json, type SavedModel } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import type { OldAnswers } from './old-answers.ts';
import { smallModels, tables } from './small-models.ts';

const root = new URL('../../saved-files/', import.meta.url);
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, root)));

for (const version of readdirSync(root)) {
  const files = readdirSync(new URL(version, root)).filter((name) => name.endsWith('.safetensors'));
  const answers = JSON.parse(readFileSync(new URL(`${version}/answers.json`, root), 'utf8')) as Record<
    string,
    OldAnswers
  >;
  describe(`files of ${version}`, () => {
    test('there is one of each model', () => {
      expect(files.filter((name) => !name.includes('.checkpoint.'))).toEqual(
        Object.keys(answers)
          .map((name) => `${name}.safetensors`)
          .sort(),
      );
    });
    test.each(Object.keys(answers))('%s answers as it did', async (name) => {
      const loaded = await load(bytesOf(`${version}/${name}.safetensors`), { with: tables });
      const predictions: unknown = await loaded.predict(answers[name]?.inputs as never);
      loaded.dispose();
      expect(rounded(predictions)).toEqual(rounded(answers[name]?.predictions));
    });
    // Bits are promised within a version: another one may refuse to go on, and says why.
    test.each(files.filter((name) => name.includes('.checkpoint.')))(
      '%s is read, and goes on or says why not',
      async (file) => {
        const saved = fromBytes(bytesOf(`${version}/${file}`));
        if (!isCheckpoint(saved)) throw new Error('not a checkpoint');
        const model = smallModels.find(({ name }) => file.startsWith(`${name}.`));
        const error: unknown = await model?.resume?.(saved).catch((thrown: unknown) => thrown);
        if (error !== undefined) expect(String(error)).toMatch(/version/);
      },
    );
  });
}

/** Numbers to five digits: another processor's exponential may differ in the last bits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'number' ? Number(each.toPrecision(5)) : each,
  );

describe('files of versions to come', () => {
  const saved = fromBytes(bytesOf('0.1.0/classifier.safetensors'));
  const changed = (header: { readonly [name: string]: Json | object }): Uint8Array =>
    toBytes({ header: { ...saved.header, ...header } as object as SavedModel['header'], arrays: saved.arrays });
  test.each([
    ['the format', { version: 2 }, /header\.version must be 1, got "2"\. A newer Dendrite saved this file: update/],
    ['the contract', { model: { ...saved.header.model, api: 2 } }, /header\.model\.api must be 1/],
    ['a model', { model: { ...saved.header.model, name: 'nn/oracle' } }, /'nn\/oracle', which none has/],
    [
      'a layer',
      { config: { ...(saved.header.config as object), layer: { name: 'nn/oracle', config: {} } } },
      /'nn\/oracle', which none has/,
    ],
  ])('a newer version of %s is told as such', async (_, header, text) => {
    const error: unknown = await load(changed(header), { with: tables }).catch((thrown: unknown) => thrown);
    expect(isDendriteError(error, 'FORMAT')).toBe(true);
    expect(String(error)).toMatch(text);
  });
  test('an option that a file lacks, because it is younger, is taken by its default', async () => {
    const config = JSON.parse(JSON.stringify(saved.header.config), (name, value: unknown) =>
      name === 'activation' && value === null ? undefined : value,
    ) as Json;
    const loaded = await load(changed({ config: config as object }), { with: tables });
    expect(loaded.meta.name).toBe('nn/classifier');
    loaded.dispose();
  });
});
