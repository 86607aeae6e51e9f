/** Which lengths are tried. */
import { expect, test } from 'vitest';
import { type LengthRange, triedLengths } from './tried-lengths.ts';

const inputs = [{ name: 'x', dtype: 'float32', shape: ['batch', 't', 3] }] as const;
const of = (t?: LengthRange) => {
  const { tried, longest, ...rest } = triedLengths(inputs, t === undefined ? {} : { t });
  return { ...rest, tried: tried.map((each) => each.t), longest: longest?.t };
};

test('without a limit: small ones, a large one, and tables of 512', () => {
  expect(of()).toEqual({ names: ['batch', 't'], fixed: {}, tried: [7, 7, 12, 12, 3, 84], longest: 512 });
  expect(triedLengths([{ name: 'x', dtype: 'int32', shape: [2, 3] }], {})).toEqual({
    names: [],
    fixed: {},
    tried: [{}],
  });
});

test.each<readonly [LengthRange, readonly number[], number]>([
  [64, [7, 7, 12, 12, 3, 63], 64],
  [13, [11, 11, 12, 12, 10, 9], 13],
  [4, [2, 2, 3, 3, 2, 2], 4],
  [{ least: 10 }, [16, 16, 21, 21, 12, 93], 512],
  [{ least: 10, most: 12 }, [11, 11, 12, 12, 10, 10], 12],
  [{ multipleOf: 8 }, [56, 56, 96, 96, 24, 672], 512],
  [{ multipleOf: 8, most: 50 }, [32, 32, 40, 40, 24, 16], 48],
])('%o', (range, tried, longest) => {
  expect(of(range)).toEqual({ names: ['batch', 't'], fixed: {}, tried, longest });
});

test.each<readonly [LengthRange, number]>([
  [1, 1],
  [3, 3],
  [{ least: 5, most: 6 }, 6],
  [{ multipleOf: 8, most: 23 }, 16],
])('%o is one length', (range, length) => {
  expect(of(range)).toMatchObject({ names: ['batch'], fixed: { t: length } });
});

test.each<readonly [shape: readonly (number | string)[], lengths: Readonly<Record<string, LengthRange>>, text: string]>(
  [
    [['batch', -2], {}, "the shape of input 'x' must be"],
    [['batch', 1.5], {}, 'got ["batch",1.5]'],
    [['', 3], {}, "the shape of input 'x' must be"],
    [['batch', 3], { tokens: 5 }, "must name free lengths of the inputs (batch), got 'tokens'"],
    [['batch', 3], { batch: -1 }, 'lengths.batch must be'],
    [['batch', 3], { batch: { least: 5, most: 2 } }, 'got {"least":5,"most":2}'],
    [['batch', 3], { batch: { multipleOf: 8, least: 9, most: 15 } }, 'that some length fits'],
    [['batch', 3], { batch: { multipleOf: 0 } }, 'lengths.batch must be'],
    [['batch', 3], { batch: { max: 4 } as LengthRange }, 'got {"max":4}'],
  ],
)('%o with %o is refused', (shape, lengths, text) => {
  expect(() => triedLengths([{ name: 'x', dtype: 'float32', shape }], lengths)).toThrow(text);
});
