/**
 * Cross-entropy of codes and its gradient, row by row; the formulas are those of the JavaScript kernels. First all codes are looked
 * at, so that no row is computed where one of them is wrong. A unit of work is a row.
 */
import { isFloat32, kernelModule, rowPasses } from '@dendrite/core/wasm-kernels';
import { type Call, DendriteError, type KernelConstants, type WasmKernel } from '@dendrite/spec';
import {
  type Callable,
  type FunctionBuilder,
  f32,
  f32x4,
  f64,
  i32,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { exp, log } from '@dendrite/wasm-assembler/elementary';

type Int = Value<'i32'>;
const shapeOf = ({ inputs: [logits] }: Call): readonly number[] => logits?.shape ?? [];

/** `codesAt`, `dyAt`: which inputs these are; weights, where there are any, are the last. */
function kernel(plain: number, emit: WasmKernel['emit']): WasmKernel {
  return {
    language: 'wasm',
    // Smoothing together with weights is left to JavaScript.
    accepts: (call) =>
      isFloat32({ ...call, inputs: call.inputs.filter((_, i) => i !== 1) }) &&
      (call.inputs.length === plain || call.attributes.labelSmoothing === 0),
    specialize: (call) => ({
      rest: (shapeOf(call)[1] ?? 1) % 4,
      ignored: Number(call.attributes.ignoreIndex),
      smoothing: Number(call.attributes.labelSmoothing),
      weighted: call.inputs.length > plain,
    }),
    arguments: (call) => [shapeOf(call)[1] ?? 1],
    phases: [
      { entry: 'check', units: (call) => shapeOf(call)[0] ?? 0 },
      { entry: 'run', units: (call) => shapeOf(call)[0] ?? 0, work: (call) => 30 * (shapeOf(call)[1] ?? 1) },
    ],
    emit,
    failure: (code, classes, row) =>
      new DendriteError(
        'DATA',
        `softmaxCrossEntropy(): codes must lie in 0 … ${classes - 1}, got ${code} in row ${row}. Give the last layer one unit a class, or set ignoreIndex.`,
      ),
  };
}

type Names = 'begin' | 'end' | 'out' | 'logits' | 'codes' | 'dy' | 'weights' | 'scratch' | 'classes';
interface RowSite {
  readonly f: FunctionBuilder;
  readonly relaxed: boolean;
  readonly constants: KernelConstants;
  readonly at: Readonly<Record<Names, Int>>;
  readonly row: Int;
  /** Address of the row's logits, and its class. */
  readonly from: Int;
  readonly code: Int;
  readonly passes: ReturnType<typeof rowPasses>;
}

/** `ignored` and `counted`: what is done with a row; `weight` is its class', or 1. */
function moduleOf(
  constants: KernelConstants,
  relaxed: boolean,
  inputs: readonly Names[],
  ignored: (site: RowSite) => void,
  counted: (site: RowSite, weight: Value<'f32'>) => void,
): Uint8Array<ArrayBuffer> {
  const { rest, weighted } = constants;
  const m = kernelModule();
  const fail = importFail(m);
  const names: Names[] = ['begin', 'end', 'out', ...inputs, ...(weighted ? (['weights'] as const) : [])];
  const parameters = Object.fromEntries([...names, 'scratch', 'classes'].map((name) => [name, 'i32'])) as {
    readonly [N in Names]: 'i32';
  };
  const isIgnored = (code: Int): Int => code.eq(Number(constants.ignored));
  m.function('check', { parameters }, (f, { begin, end, codes, classes }) => {
    f.loop(begin, end, (row) => {
      const code = f.let(i32.load(codes.add(row.shl(2))));
      const wrong = code.ge_u(classes).and(isIgnored(code).eqz());
      f.if(wrong, () => f.do(fail({ found: code, limit: classes, at: row })));
    });
  });
  m.function('run', { parameters }, (f, at) => {
    const passes = rowPasses(f, at.classes, Number(rest));
    f.loop(at.begin, at.end, (row) => {
      const code = f.let(i32.load(at.codes.add(row.shl(2))));
      const from = f.let(at.logits.add(row.mul(at.classes).shl(2)));
      const site = { f, relaxed, constants, at, row, from, code, passes };
      f.if(
        isIgnored(code),
        () => ignored(site),
        () => counted(site, weighted ? f.let(f32.load(at.weights.add(code.shl(2)))) : f.local('f32', 1)),
      );
    });
  });
  return m.toBytes();
}

type Fail = Callable<{ readonly found: 'i32'; readonly limit: 'i32'; readonly at: 'i32' }, undefined>;
const importFail = (m: WasmModule): Fail =>
  m.importFunction('env', 'fail', { parameters: { found: 'i32', limit: 'i32', at: 'i32' } });

/** The row's largest logit four times, and the power of each logit below it. */
function powersOf({ f, relaxed, from, passes }: RowSite): {
  readonly top: Value<'v128'>;
  readonly power: (at: Int) => Value<'v128'>;
} {
  const top = f.let(f32x4.splat(passes.max((at) => v128.load(from.add(at)))));
  return { top, power: (at) => exp({ f, relaxed }, f32x4.sub(v128.load(from.add(at)), top)) };
}

/** Inputs logits, codes, and weights where there are any; the loss of each row. */
export const softmaxCrossEntropyWasmKernel: WasmKernel = kernel(2, (constants, { relaxed }) =>
  moduleOf(
    constants,
    relaxed,
    ['logits', 'codes'],
    ({ f, at, row }) => f.f32.store(at.out.add(row.shl(2)), 0),
    (site, weight) => {
      const { f, at, row, from, code, passes } = site;
      const smoothing = Number(constants.smoothing);
      const { top, power } = powersOf(site);
      const total = f32x4.splat(f32.demote_f64(passes.sum(power)));
      const logSum = f.let(f32x4.extract_lane(log(site, total), 0));
      const below = f32.sub(f32.load(from.add(code.shl(2))), f32x4.extract_lane(top, 0));
      const loss = f.let(f32.sub(logSum, below));
      if (smoothing > 0) {
        const all = passes.sum((each) => f32x4.sub(v128.load(from.add(each)), top));
        const spread = f32.demote_f64(f64.div(all, f64.convert_i32_s(at.classes)));
        loss.set(f32.add(f32.mul(1 - smoothing, loss), f32.mul(smoothing, f32.sub(logSum, spread))));
      }
      // A class without a share may have a logit of −∞, and 0 · ∞ is NaN.
      f.if(
        weight.eq(0),
        () => loss.set(0),
        () => loss.set(f32.mul(loss, weight)),
      );
      f.f32.store(at.out.add(row.shl(2)), loss);
    },
  ),
);

/** Inputs logits, codes, dy, and weights where there are any; the gradient of the logits. */
export const softmaxCrossEntropyGradientWasmKernel: WasmKernel = kernel(3, (constants, { relaxed }) =>
  moduleOf(
    constants,
    relaxed,
    ['logits', 'codes', 'dy'],
    ({ f, at, row }) => f.memory.fill(at.out.add(row.mul(at.classes).shl(2)), 0, at.classes.shl(2)),
    (site, weight) => {
      const { f, at, row, code, passes } = site;
      const smoothing = Number(constants.smoothing);
      const { power } = powersOf(site);
      const to = f.let(at.out.add(row.mul(at.classes).shl(2)));
      passes.store(to, power);
      const total = passes.sum((each) => v128.load(to.add(each)));
      const own = f.let(to.add(code.shl(2)));
      const ownPower = f.let(f32.load(own));
      const dy = f.let(f32.load(at.dy.add(row.shl(2))));
      const scale = f.let(f32.demote_f64(f64.div(f64.promote_f32(weight), total)));
      const even = f.let(f32.div(f32.mul(weight, smoothing), f32.convert_i32_s(at.classes)));
      // Times dy last: where that is infinite, the difference must still have its sign.
      const [scales, evens, dys] = [scale, even, dy].map((each) => f.let(f32x4.splat(each)));
      passes.store(to, (at) => {
        const scaled = f32x4.mul(v128.load(to.add(at)), scales as Value<'v128'>);
        const left = smoothing > 0 ? f32x4.sub(scaled, evens as Value<'v128'>) : scaled;
        return f32x4.mul(left, dys as Value<'v128'>);
      });
      const ownShare = f32.add(even, f32.mul(weight, 1 - smoothing));
      f.f32.store(own, f32.mul(f32.sub(f32.mul(ownPower, scale), ownShare), dy));
    },
  ),
);
