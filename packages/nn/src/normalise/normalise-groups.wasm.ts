/**
 * Normalisation over an example's positions and a group of its channels, and its gradient. Channels lie side by side, so sums go down
 * the columns first, in blocks of positions, and are joined to groups afterwards. A unit of work is an example.
 */
import { integers, isFloat32, kernelModule } from '@dendrite/core/wasm-kernels';
import type { Call, KernelConstants, WasmKernel } from '@dendrite/spec';
import { type FunctionBuilder, f32, f32x4, f64, type Local, type Value, v128 } from '@dendrite/wasm-assembler';
import { eachColumns, joinBlocks, storeAt } from './row-blocks.ts';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

/** Positions that are added in one chain. */
const height = 64;
const sizes = ({ inputs: [x] }: Call): readonly [examples: number, positions: number, channels: number] => [
  x?.shape[0] ?? 0,
  x?.shape[1] ?? 0,
  x?.shape[2] ?? 1,
];
const common = {
  language: 'wasm',
  accepts: isFloat32,
  specialize: (call: Call): KernelConstants => ({
    channels: sizes(call)[2],
    groups: Number(call.attributes.groups),
    epsilon: Number(call.attributes.epsilon),
  }),
  arguments: (call: Call): readonly number[] => [sizes(call)[1], sizes(call)[0]],
} as const;
const examples = (work: number) => ({
  entry: 'run',
  units: (call: Call) => sizes(call)[0],
  work: (call: Call) => work * sizes(call)[1] * sizes(call)[2],
});

/** What a kernel knows of its channels. */
interface Channels {
  readonly f: FunctionBuilder;
  readonly channels: number;
  readonly groups: number;
  readonly positions: Int;
}

/** Σ over the positions of what `of` gives, one array of channels a sum, from `to` on. `start` loads what a few columns need. */
function columnSums(
  { f, channels, positions }: Channels,
  to: Int,
  sums: number,
  start: (at: Int, vectors: number) => (place: Int, v: number) => readonly Vector[],
): void {
  const row = 4 * channels;
  eachColumns(f, channels, (at, lanes) => {
    const of = start(at, lanes.length);
    const fresh = (): Local<'v128'>[][] => lanes.map(() => Array.from({ length: sums }, () => f.let(f32x4.splat(0))));
    const totals = fresh();
    f.loop(0, positions, height, (first) => {
      const last = f.let(first.add(height));
      f.if(last.gt_s(positions), () => last.set(positions));
      const parts = fresh();
      const place = f.let(first.mul(row).add(at));
      f.loop(first, last, () => {
        for (const [v, each] of parts.entries())
          for (const [i, value] of of(place, v).entries()) each[i]?.set(f32x4.add(each[i] ?? value, value));
        place.set(place.add(row));
      });
      for (const [v, each] of totals.entries())
        for (const [i, total] of each.entries()) total.set(f32x4.add(total, parts[v]?.[i] ?? total));
    });
    for (const [v, each] of totals.entries())
      for (const [i, total] of each.entries()) storeAt(f, to.add(at).add(16 * v + i * row), total, lanes[v] ?? 4);
  });
}

/** For each group: sums over its channels of what `of` gives, each divided by what the group holds, and a walk over its channels. */
function eachGroup(
  { f, channels, groups, positions }: Channels,
  sums: number,
  of: (place: Int) => readonly Value<'f32'>[],
  body: (averages: readonly Local<'f32'>[], group: Int, eachChannel: (body: (place: Int) => void) => void) => void,
): void {
  const width = (4 * channels) / groups;
  const count = f.let(f64.mul(f64.convert_i32_s(positions), channels / groups));
  f.loop(0, groups, (group) => {
    const from = f.let(group.mul(width));
    const eachChannel = (then: (place: Int) => void): void => f.loop(from, from.add(width), 4, (place) => then(place));
    const totals = Array.from({ length: sums }, () => f.local('f64'));
    if (sums > 0)
      eachChannel((place) => {
        const values = of(place);
        for (const [i, total] of totals.entries())
          total.set(f64.add(total, f64.promote_f32(values[i] ?? f32.demote_f64(total))));
      });
    const averages = totals.map((total) => f.let(f32.demote_f64(f64.div(total, count))));
    body(averages, group, eachChannel);
  });
}

/** Goes through all positions, a few columns at a time, with what `start` loads for them. */
function eachPosition(
  { f, channels, positions }: Channels,
  start: (at: Int, vectors: number) => (place: Int, v: number) => Vector,
  to: Int,
): void {
  eachColumns(f, channels, (at, lanes) => {
    const of = start(at, lanes.length);
    const place = f.let(at);
    f.loop(0, positions, () => {
      for (const [v, count] of lanes.entries()) storeAt(f, to.add(place).add(16 * v), of(place, v), count);
      place.set(place.add(4 * channels));
    });
  });
}

const rootOf = (variance: Value<'f32'>, epsilon: unknown): Value<'f32'> =>
  f32.div(1, f32.sqrt(f32.add(variance, Number(epsilon))));
/** Vectors of an array of channels. */
const loads = (f: FunctionBuilder, base: Int, at: Int, vectors: number): readonly Local<'v128'>[] =>
  Array.from({ length: vectors }, (_, v) => f.let(v128.load(base.add(at), 16 * v)));

export const normaliseGroupsWasmKernel: WasmKernel = {
  ...common,
  /** Of each channel: a sum, the mean and the factor. */
  threadScratch: (call) => 12 * sizes(call)[2] + 16,
  phases: [examples(8)],
  emit({ channels, groups, epsilon }) {
    const row = 4 * Number(channels);
    const m = kernelModule();
    const names = [
      'begin',
      'end',
      'y',
      'mean',
      'variance',
      'x',
      'scale',
      'offset',
      'scratch',
      'own',
      'positions',
      'examples',
    ] as const;
    m.function('run', { parameters: integers(names) }, (f, p) => {
      const known = { f, channels: Number(channels), groups: Number(groups), positions: p.positions };
      const [sums, means, factors] = [p.own, f.let(p.own.add(row)), f.let(p.own.add(2 * row))] as const;
      const sumAt = (place: Int): readonly Value<'f32'>[] => [f32.load(sums.add(place))];
      f.loop(p.begin, p.end, (example) => {
        const base = f.let(example.mul(p.positions).mul(row));
        const [x, y] = [f.let(p.x.add(base)), f.let(p.y.add(base))] as const;
        const ofGroup = (group: Int): Int => example.mul(known.groups).add(group).shl(2);
        columnSums(known, sums, 1, () => (place, v) => [v128.load(x.add(place), 16 * v)]);
        eachGroup(known, 1, sumAt, ([mean], group, eachChannel) => {
          if (!mean) return;
          f.f32.store(p.mean.add(ofGroup(group)), mean);
          eachChannel((place) => f.f32.store(means.add(place), mean));
        });
        columnSums(known, sums, 1, (at, vectors) => {
          const mean = loads(f, means, at, vectors);
          return (place, v) => {
            const value = v128.load(x.add(place), 16 * v);
            const centred = f.let(f32x4.sub(value, mean[v] ?? value));
            return [f32x4.mul(centred, centred)];
          };
        });
        eachGroup(known, 1, sumAt, ([variance], group, eachChannel) => {
          if (!variance) return;
          f.f32.store(p.variance.add(ofGroup(group)), variance);
          const root = f.let(rootOf(variance, epsilon));
          eachChannel((place) => f.f32.store(factors.add(place), f32.mul(root, f32.load(p.scale.add(place)))));
        });
        const apply = (at: Int, vectors: number) => {
          const [mean, factor, offset] = [means, factors, p.offset].map((each) => loads(f, each, at, vectors));
          return (place: Int, v: number): Vector => {
            const value = v128.load(x.add(place), 16 * v);
            const scaled = f32x4.mul(f32x4.sub(value, mean?.[v] ?? value), factor?.[v] ?? value);
            return f32x4.add(scaled, offset?.[v] ?? value);
          };
        };
        eachPosition(known, apply, y);
      });
    });
    return m.toBytes();
  },
};

/** An example leaves its sums for scale and offset in scratch. */
export const normaliseGroupsGradientWasmKernel: WasmKernel = {
  ...common,
  scratch: (call) => 8 * sizes(call)[0] * sizes(call)[2] + 16,
  /** Of each channel: two sums, the mean, and what the second pass needs. */
  threadScratch: (call) => 24 * sizes(call)[2] + 16,
  phases: [examples(14), { entry: 'join', units: () => 1 }],
  emit({ channels, groups, epsilon }) {
    const row = 4 * Number(channels);
    const m = kernelModule();
    const parameters = integers([
      ...(['begin', 'end', 'dx', 'dScale', 'dOffset', 'x', 'scale', 'mean', 'variance', 'dy'] as const),
      ...(['scratch', 'own', 'positions', 'examples'] as const),
    ]);
    m.function('run', { parameters }, (f, p) => {
      const known = { f, channels: Number(channels), groups: Number(groups), positions: p.positions };
      const arrays = Array.from({ length: 6 }, (_, i) => f.let(p.own.add(i * row)));
      const [sums = p.own, products = p.own, means = p.own, roots = p.own, levels = p.own, slopes = p.own] = arrays;
      f.loop(p.begin, p.end, (example) => {
        const base = f.let(example.mul(p.positions).mul(row));
        const [x, dy, dx] = [p.x, p.dy, p.dx].map((each) => f.let(each.add(base)));
        if (!x || !dy || !dx) return;
        eachGroup(
          known,
          0,
          () => [],
          (_, group, eachChannel) => {
            const place = f.let(example.mul(known.groups).add(group).shl(2));
            const mean = f.let(f32.load(p.mean.add(place)));
            const root = f.let(rootOf(f32.load(p.variance.add(place)), epsilon));
            eachChannel((at) => {
              f.f32.store(means.add(at), mean);
              f.f32.store(roots.add(at), root);
            });
          },
        );
        columnSums(known, sums, 2, (at, vectors) => {
          const mean = loads(f, means, at, vectors);
          return (place, v) => {
            const given = f.let(v128.load(dy.add(place), 16 * v));
            return [given, f32x4.mul(given, f32x4.sub(v128.load(x.add(place), 16 * v), mean[v] ?? given))];
          };
        });
        const own = f.let(p.scratch.add(example.mul(2 * row)));
        const scaled = (of: Int) => (place: Int) => f32.mul(f32.load(of.add(place)), f32.load(p.scale.add(place)));
        eachGroup(
          known,
          2,
          (place) => [scaled(sums)(place), scaled(products)(place)],
          ([level, product], _, eachChannel) => {
            if (!level || !product) return;
            eachChannel((place) => {
              const root = f.let(f32.load(roots.add(place)));
              f.f32.store(levels.add(place), level);
              f.f32.store(slopes.add(place), f32.mul(f32.mul(product, root), root));
              f.f32.store(own.add(place), f32.mul(f32.load(products.add(place)), root));
              f.f32.store(own.add(place), f32.load(sums.add(place)), row);
            });
          },
        );
        const apply = (at: Int, vectors: number) => {
          const [mean, root, level, slope, scale] = [means, roots, levels, slopes, p.scale].map((each) =>
            loads(f, each, at, vectors),
          );
          return (place: Int, v: number): Vector => {
            const value = f.let(v128.load(x.add(place), 16 * v));
            const given = f32x4.mul(v128.load(dy.add(place), 16 * v), scale?.[v] ?? value);
            const along = f32x4.mul(f32x4.sub(value, mean?.[v] ?? value), slope?.[v] ?? value);
            return f32x4.mul(f32x4.sub(f32x4.sub(given, level?.[v] ?? value), along), root?.[v] ?? value);
          };
        };
        eachPosition(known, apply, dx);
      });
    });
    m.function('join', { parameters }, (f, p) => {
      const shared = { count: p.examples, step: 2 * row, width: Number(channels) };
      joinBlocks(f, { from: p.scratch, ...shared }, (at, sum, lanes) => storeAt(f, p.dScale.add(at), sum, lanes));
      const second = f.let(p.scratch.add(row));
      joinBlocks(f, { from: second, ...shared }, (at, sum, lanes) => storeAt(f, p.dOffset.add(at), sum, lanes));
    });
    return m.toBytes();
  },
};
