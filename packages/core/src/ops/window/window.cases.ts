/** Uses of windows over one to three axes: gather lays elements side by side, scatter adds them back. */
import type { OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host, indices, ofOne, one, sizeOf } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { type WindowOptions, windowAttributes, windowCounts, windowGather, windowScatter } from './window.ts';

type Form = readonly [name: string, x: Shape, options: WindowOptions & { readonly padValue?: number }];
const forms: readonly Form[] = [
  ['one element', [1, 1, 1], { size: 1 }],
  ['a sequence', [2, 5, 3], { size: 3 }],
  ['33 steps, stride 4', [1, 33, 1], { size: 3, stride: 4 }],
  ['a sequence, dilated', [1, 7, 2], { size: 3, dilation: 2 }],
  ['an image', [2, 4, 5, 2], { size: [2, 3] }],
  ['an image, stride 2, border 1', [1, 5, 5, 2], { size: 3, stride: 2, before: 1, after: 1 }],
  ['borders that differ', [1, 3, 4, 1], { size: [2, 2], before: [1, 0], after: [0, 2] }],
  ['a border value', [1, 3, 3, 1], { size: 2, before: 1, padValue: -2 }],
  ['stride beyond the window', [1, 7, 6, 1], { size: 2, stride: 3 }],
  ['a volume', [1, 3, 2, 3, 2], { size: 2, before: [0, 1, 0] }],
  ['no batch', [0, 3, 3, 1], { size: 2 }],
  ['no channels', [1, 3, 0], { size: 2 }],
];
/** Position of tap `t` of window `o` in the input; outside it is border. */
const places = (o: readonly number[], tap: readonly number[], options: WindowOptions): number[] => {
  const { stride, dilation, before } = windowAttributes('test', options, o.length);
  return o.map(
    (at, axis) =>
      at * (stride[axis] as number) + (tap[axis] as number) * (dilation[axis] as number) - (before[axis] as number),
  );
};
const inside = (place: readonly number[], spatial: Shape): boolean =>
  place.every((at, axis) => at >= 0 && at < (spatial[axis] as number));
const layout = (x: Shape, options: WindowOptions) => {
  const spatial = x.slice(1, -1);
  const attributes = windowAttributes('test', options, spatial.length);
  const channels = x.at(-1) as number;
  return {
    spatial,
    channels,
    taps: indices(attributes.size),
    made: [x[0] as number, ...windowCounts('test', spatial, attributes), sizeOf(attributes.size) * channels],
  };
};

export const windowGatherCases: OpCases = {
  op: opNamed('core/window-gather'),
  cases: [
    ...forms.map(([name, x, options]): OpCase => {
      const { spatial, channels, taps, made } = layout(x, options);
      return {
        name,
        inputs: [{ shape: x }],
        run: one((image) => windowGather(image, options)),
        reference: ofOne((image) =>
          host(made, (index) => {
            const column = index.at(-1) as number;
            const place = places(index.slice(1, -1), taps[Math.floor(column / channels)] as number[], options);
            return inside(place, spatial)
              ? at(image, [index[0] as number, ...place, column % channels])
              : (options.padValue ?? 0);
          }),
        ),
      };
    }),
    {
      name: 'uint8 pixels',
      inputs: [{ shape: [1, 2, 2, 1], dtype: 'uint8', values: [1, 2, 3, 255] }],
      run: one((image) => windowGather(image, { size: 2, before: 1 })),
      reference: () => [{ shape: [1, 2, 2, 4], data: [0, 0, 0, 1, 0, 0, 1, 2, 0, 1, 0, 3, 1, 2, 3, 255] }],
    },
  ],
};

export const windowScatterCases: OpCases = {
  op: opNamed('core/window-scatter'),
  cases: forms.map(([name, x, { padValue: _, ...options }]): OpCase => {
    const { spatial, channels, taps, made } = layout(x, options);
    return {
      name,
      inputs: [{ shape: made }],
      run: one((y) => windowScatter(y, { ...options, spatial })),
      reference: ofOne((y) => {
        const sums = new Map<string, number>();
        for (const index of indices(made)) {
          const column = index.at(-1) as number;
          const place = places(index.slice(1, -1), taps[Math.floor(column / channels)] as number[], options);
          const to = `${[index[0], ...place, column % channels]}`;
          sums.set(to, (sums.get(to) ?? 0) + at(y, index));
        }
        return host(x, (index) => sums.get(`${index}`) ?? 0);
      }),
    };
  }),
};
