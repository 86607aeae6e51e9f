/**
 * A whole tree in one call: what grow/grow-tree.ts does where every feature is plain, every weight whole and the depth decides,
 * in the same order and with the same random numbers. Nodes are written to `feature`, `cut` and `right`. The rows out of bag go down
 * beside the others, and the number of the leaf that each one reaches is written to `leafOf`. Long, because a tree must grow without
 * leaving WebAssembly.
 *
 * Leaves of numbers write what they say over the first entries, which are those of leaves before: a leaf has one row at least.
 * Leaves of several classes are listed from the end of `feature` backwards, and their cut and right child are, for the time being,
 * where their rows begin and end: such a leaf has two rows at least, so the nodes do not reach the list.
 */
import {
  type Callable,
  constant,
  type FunctionBuilder,
  f64,
  f64x2,
  i16x8,
  i32,
  i32x4,
  i64x2,
  type Local,
  select,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { missingLeftFlag } from '../tree/tree.ts';
import { fewRows, stackSlots } from '../workspace/workspace.ts';
import { offsetOf, reals, treeSeed } from './header.ts';
import { emitPartition, emitPartitionOutside } from './partition.emit.ts';
import { emitScans, type I32, type Scan, word } from './scan.emit.ts';
import { heavyBinary, heavyClasses, type Variant } from './variant.ts';
import { xoshiro } from './xoshiro.emit.ts';

/**
 * A node that waits: begin, end, depth, known constants, whose right child it is (−1: nobody's), from where to where its rows out
 * of bag stand; then its totals.
 */
const slot = { begin: 0, end: 4, depth: 8, known: 12, rightOf: 16, outsideFrom: 20, outsideTo: 24 } as const;
export const slotHeader = 32;
/** Words that no leaf has: of one that is not pure, and of numbers that are all the same. */
const openLeaf = -(2 ** 31);
const pureNumber = openLeaf + 1;
type Totals = { readonly leaf: Local<'i32'>; readonly perfect: Local<'f64'>; readonly heavy: Local<'i32'> };

export function emitGrow(m: WasmModule, variant: Variant): void {
  const scan = emitDispatch(m, emitScans(m, variant));
  const partition = emitPartition(m);
  const partitionOutside = emitPartitionOutside(m);
  // The rows out of bag, `outside` of them, stand behind the room of those entered in `spare`; behind them is as much room again.
  const parameters = { own: 'i32', entered: 'i32', outside: 'i32' } as const;
  m.function('grow', { parameters, result: 'i32' }, (f, { own, entered, outside }) => {
    const stack = f.let(word(own, 'stack'));
    const slotBytes = f.let(word(own, 'slotBytes'));
    const stride = f.let(slotBytes.add(slotHeader));
    const top = f.let(stack);
    const features = f.let(word(own, 'features'));
    const rows = f.let(word(own, 'rows'));
    const codes = f.let(word(own, 'codes'));
    const rowCodes = f.let(word(own, 'rowCodes'));
    const group = f.let(word(own, 'group'));
    const order = f.let(word(own, 'order'));
    const constants = f.let(word(own, 'constants'));
    const featureOf = f.let(word(own, 'feature'));
    const cutOf = f.let(word(own, 'cut'));
    const rightOf = f.let(word(own, 'right'));
    const left = f.let(word(own, 'left'));
    const best = f.let(word(own, 'best'));
    const below = xoshiro(f, own, treeSeed);
    const outsideAt = f.let(word(own, 'spare').add(entered.shl(3)));
    const toRoom = f.let(outside.shl(2));
    const leafOf = f.let(word(own, 'leafOf'));
    const classes = f.let(word(own, 'classes'));
    const openLeaves = f.local('i32');
    const nodes = f.local('i32');
    const rootWeight = f.local('f64');

    f.loop(0, features, (i) => f.i32.store(order.add(i.shl(2)), i));
    f.memory.fill(word(own, 'importance'), 0, features.shl(3));
    f.i32.store(top, 0, slot.begin);
    f.i32.store(top, entered, slot.end);
    f.i32.store(top, 0, slot.depth);
    f.i32.store(top, 0, slot.known);
    f.i32.store(top, -1, slot.rightOf);
    f.i32.store(top, outsideAt, slot.outsideFrom);
    f.i32.store(top, outsideAt.add(toRoom), slot.outsideTo);
    top.set(top.add(stride));

    f.while(
      () => top.gt_u(stack),
      () => {
        top.set(top.sub(stride));
        const begin = f.let(i32.load(top, slot.begin));
        const end = f.let(i32.load(top, slot.end));
        const depth = f.let(i32.load(top, slot.depth));
        const known = f.let(i32.load(top, slot.known));
        const parent = f.let(i32.load(top, slot.rightOf));
        const outsideFrom = f.let(i32.load(top, slot.outsideFrom));
        const outsideTo = f.let(i32.load(top, slot.outsideTo));
        const totals = f.let(top.add(slotHeader));
        const at = f.let(nodes.shl(2));
        f.if(parent.ge_s(0), () => f.i32.store(rightOf.add(parent.shl(2)), nodes));
        f.i32.store(own, totals, offsetOf('totals'));
        const size = f.let(end.sub(begin));
        const open = enterNode(f, variant, own, totals, begin, end);
        const all = f.let(f64.load(own, reals.all));
        f.if(nodes.eqz(), () => rootWeight.set(all));
        const bestFeature = f.local('i32', -1);
        const bestGain = f.local('f64', -1);
        const bestCut = f.local('i32');
        const decrease = f.local('f64');
        const narrow = f.let(rowCodes.ne(0).and(size.le_s(fewRows)));
        const step = f.let(select(narrow, features, group));
        const baseOf = (feature: I32): I32 => {
          const within = f.let(feature.and(group.sub(1)));
          return select(narrow, rowCodes.add(feature), codes.add(feature.sub(within).mul(rows)).add(within));
        };

        f.if(
          open.leaf
            .eq(openLeaf)
            .and(size.ge_s(2))
            .and(size.ge_s(word(own, 'minSamplesSplit')))
            .and(depth.lt_s(word(own, 'maxDepth'))),
          () => {
            // As in grow/features.ts.
            const count = f.let(word(own, 'maxFeatures'));
            const last = f.let(features);
            const [drawnKnown, foundNow, visited] = [f.local('i32'), f.local('i32'), f.local('i32')];
            f.block((enough) => {
              f.while(
                () =>
                  last.gt_s(known.add(foundNow)).and(visited.lt_s(count).or(visited.le_s(foundNow.add(drawnKnown)))),
                () => {
                  visited.set(visited.add(1));
                  const place = f.let(drawnKnown.add(below(last.sub(foundNow).sub(drawnKnown))));
                  f.if(
                    place.lt_s(known),
                    () => {
                      swap(f, order, drawnKnown, place);
                      drawnKnown.set(drawnKnown.add(1));
                    },
                    () => {
                      place.set(place.add(foundNow));
                      const feature = f.let(i32.load(order.add(place.shl(2))));
                      const gain = f.let(
                        scan({ own, heavy: open.heavy, base: baseOf(feature), stride: step, begin, end }),
                      );
                      f.if(
                        gain.lt(0),
                        () => {
                          swap(f, order, place, known.add(foundNow));
                          foundNow.set(foundNow.add(1));
                        },
                        () => {
                          last.set(last.sub(1));
                          swap(f, order, place, last);
                          f.if(gain.gt(bestGain), () => {
                            bestGain.set(gain);
                            bestFeature.set(feature);
                            bestCut.set(word(own, 'foundCut'));
                            f.loop(0, slotBytes, 16, (i) => f.v128.store(best.add(i), v128.load(left.add(i))));
                            // Both children are pure: nothing can be better.
                            f.branchIf(enough, gain.eq(open.perfect).or(size.eq(2)));
                          });
                        },
                      );
                    },
                  );
                },
              );
            });
            // The front is put back as it was, so that the other branch finds the constants of its parents there.
            f.if(known.add(foundNow), () => {
              f.memory.copy(order, constants, known.shl(2));
              f.memory.copy(constants.add(known.shl(2)), order.add(known.shl(2)), foundNow.shl(2));
              known.set(known.add(foundNow));
            });
            f.if(bestFeature.ge_s(0), () => {
              decrease.set(decreaseOf(variant, own, bestGain, all).div(rootWeight));
              f.if(decrease.add(1e-16).lt(f64.load(own, reals.minImpurityDecrease)), () => bestFeature.set(-1));
            });
          },
        );
        nodes.set(nodes.add(1));
        f.if(
          bestFeature.lt_s(0),
          () => {
            f.i32.store(cutOf.add(at), 0);
            f.i32.store(rightOf.add(at), 0);
            // Pure leaves of a class share the number that is the class; others are counted.
            f.if(open.leaf.le_s(pureNumber), () => {
              open.leaf.set(classes.add(openLeaves).xor(-1));
              if (variant.target === 'number')
                f.f64.store(word(own, 'entries').add(openLeaves.shl(3)), meanOf(f, own, begin, end));
              else {
                f.i32.store(cutOf.add(at), begin);
                f.i32.store(rightOf.add(at), end);
                f.i32.store(featureOf.add(rows.shl(1).sub(openLeaves).shl(2)).sub(4), nodes.sub(1));
              }
              openLeaves.set(openLeaves.add(1));
            });
            f.i32.store(featureOf.add(at), open.leaf);
            f.loop(outsideFrom, outsideTo, 4, (row) =>
              f.i32.store(leafOf.add(i32.load(row).shl(2)), open.leaf.xor(-1)),
            );
          },
          () => {
            f.if(top.add(stride.shl(1)).gt_u(stack.add(stride.mul(stackSlots))), () => f.return(constant('i32', -1)));
            const importance = f.let(word(own, 'importance').add(bestFeature.shl(3)));
            f.f64.store(importance, f64.load(importance).add(decrease));
            const goLeft = f.let(partition({ own, base: baseOf(bestFeature), stride: step, begin, end, cut: bestCut }));
            // What was never missing in training goes with the larger part, should it be missing one day.
            const flag = select(goLeft.shl(1).gt_s(size), constant('i32', missingLeftFlag), constant('i32', 0));
            f.i32.store(featureOf.add(at), bestFeature.or(flag));
            f.i32.store(cutOf.add(at), bestCut);
            const middle = f.let(begin.add(goLeft));
            // From one half of their place to the other, and back at the next depth.
            const shift = f.let(select(depth.and(1), toRoom.mul(-1), toRoom));
            const outsideRows = { from: outsideFrom, to: outsideTo, shift };
            const outsideMiddle = f.let(
              partitionOutside({ base: baseOf(bestFeature), stride: step, ...outsideRows, cut: bestCut }),
            );
            // The right child takes the parent's place on the stack; the left one is next.
            f.i32.store(top, middle, slot.begin);
            f.i32.store(top, depth.add(1), slot.depth);
            f.i32.store(top, known, slot.known);
            f.i32.store(top, nodes.sub(1), slot.rightOf);
            f.i32.store(top, outsideMiddle, slot.outsideFrom);
            f.i32.store(top, outsideTo.add(shift), slot.outsideTo);
            const minus = variant.target === 'number' ? f64x2.sub : i32x4.sub;
            f.loop(0, slotBytes, 16, (i) => {
              const own = f.let(totals.add(i));
              const ofLeft = f.let(v128.load(best.add(i)));
              f.v128.store(own.add(stride), ofLeft);
              f.v128.store(own, minus(v128.load(own), ofLeft));
            });
            top.set(top.add(stride));
            f.i32.store(top, begin, slot.begin);
            f.i32.store(top, middle, slot.end);
            f.i32.store(top, depth.add(1), slot.depth);
            f.i32.store(top, known, slot.known);
            f.i32.store(top, -1, slot.rightOf);
            f.i32.store(top, outsideFrom.add(shift), slot.outsideFrom);
            f.i32.store(top, outsideMiddle, slot.outsideTo);
            top.set(top.add(stride));
          },
        );
      },
    );
    f.i32.store(own, openLeaves, offsetOf('openLeaves'));
    return nodes;
  });
}

function swap(f: FunctionBuilder, order: I32, a: I32, b: I32): void {
  const [first, second] = [f.let(order.add(a.shl(2))), f.let(order.add(b.shl(2)))];
  const held = f.let(i32.load(first));
  f.i32.store(first, i32.load(second));
  f.i32.store(second, held);
}

/** Sets up the header for a node: its weight, its ones or squares or sum. Gives the leaf that a pure one is. */
function enterNode(
  f: FunctionBuilder,
  { target, vectors }: Variant,
  own: I32,
  totals: I32,
  begin: I32,
  end: I32,
): Totals {
  const leaf = f.local('i32', openLeaf);
  const perfect = f.local('f64', Number.POSITIVE_INFINITY);
  const heavy = f.local('i32');
  if (target === 'binary') {
    const weight = f.let(i32.load(totals));
    const ones = f.let(i32.load(totals, 4));
    f.if(ones.eqz(), () => leaf.set(-1));
    f.if(ones.eq(weight), () => leaf.set(-2));
    f.f64.store(own, f64.convert_i32_s(weight), reals.all);
    f.f64.store(own, f64.convert_i32_s(ones), reals.squares);
    perfect.set(f64.convert_i32_s(ones).mul(f64.convert_i32_s(weight.sub(ones))));
    heavy.set(weight.ge_s(heavyBinary));
  } else if (target === 'number') {
    f.f64.store(own, f64.load(totals), reals.all);
    f.f64.store(own, f64.load(totals, 8), reals.squares);
    allAlike(f, own, begin, end, leaf);
  } else {
    const lanes = f.let(word(own, 'lanes'));
    const [filled, last] = [f.local('i32'), f.local('i32')];
    const sum = f.let(i32x4.splat(0));
    const squares = f.let(f64x2.splat(0));
    f.loop(0, word(own, 'classes'), 4, (k) => {
      const four = f.let(v128.load(totals.add(k.shl(2))));
      sum.set(i32x4.add(sum, four));
      const mask = f.let(i32x4.bitmask(i32x4.ne(four, i32x4.splat(0))));
      f.if(mask, () => {
        filled.set(filled.add(mask.popcnt()));
        last.set(k.add(mask.ctz()));
        const low = f.let(f64x2.convert_low_i32x4_s(four));
        const high = f.let(f64x2.convert_low_i32x4_s(i64x2.splat(i64x2.extract_lane(four, 1))));
        squares.set(f64x2.add(squares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high))));
      });
      if (vectors > 0) {
        // Lanes of 16 bits; where they overflow they are not read.
        const packed = i16x8.narrow_i32x4_u(four, four);
        f.i64.store(lanes.add(k.shl(1)), i64x2.extract_lane(packed, 0));
      }
    });
    const weight = f.let(
      i32x4
        .extract_lane(sum, 0)
        .add(i32x4.extract_lane(sum, 1))
        .add(i32x4.extract_lane(sum, 2))
        .add(i32x4.extract_lane(sum, 3)),
    );
    f.if(filled.eq(1), () => leaf.set(last.mul(-1).sub(1)));
    const all = f.let(f64.convert_i32_s(weight));
    perfect.set(all);
    f.f64.store(own, all, reals.all);
    f.f64.store(own, f64x2.extract_lane(squares, 0).add(f64x2.extract_lane(squares, 1)), reals.squares);
    heavy.set(weight.ge_s(heavyClasses));
  }
  return { leaf, perfect, heavy };
}

/** Numbers: the target of an entry's row. */
const targetOf = (targets: I32, entry: I32): Value<'f64'> => f64.load(targets.add(i32.load(entry).shl(3)));

/** Numbers: a node whose targets are all the same is a leaf; which one is worked out from its rows. */
function allAlike(f: FunctionBuilder, own: I32, begin: I32, end: I32, leaf: Local<'i32'>): void {
  const entries = f.let(word(own, 'entries'));
  const targets = f.let(word(own, 'targets'));
  const from = f.let(entries.add(begin.shl(3)));
  const first = f.let(targetOf(targets, from));
  f.block((differ) => {
    f.loop(from.add(8), entries.add(end.shl(3)), 8, (at) => f.branchIf(differ, targetOf(targets, at).ne(first)));
    leaf.set(pureNumber);
  });
}

/** Numbers: what a leaf of these rows says, as in grow/leaf-value.ts. */
function meanOf(f: FunctionBuilder, own: I32, begin: I32, end: I32): Value<'f64'> {
  const entries = f.let(word(own, 'entries'));
  const targets = f.let(word(own, 'targets'));
  const first = f.let(targetOf(targets, entries.add(begin.shl(3))));
  const [weight, sum] = [f.local('f64'), f.local('f64')];
  f.loop(entries.add(begin.shl(3)), entries.add(end.shl(3)), 8, (at) => {
    const times = f.let(f64.convert_i32_u(i32.load(at, 4)));
    weight.set(weight.add(times));
    sum.set(sum.add(times.mul(targetOf(targets, at).sub(first))));
  });
  return first.add(sum.div(weight));
}

/** What a gain takes off the impurity, times the node's weight: see kernels/criterion.ts. */
function decreaseOf({ target }: Variant, own: I32, gain: Value<'f64'>, all: Value<'f64'>): Value<'f64'> {
  if (target === 'number') return gain.div(all);
  if (target === 'binary') return gain.div(all).mul(2);
  return f64.max(gain.sub(f64.load(own, reals.squares).div(all)), constant('f64', 0));
}

const dispatch = { heavy: 'i32', own: 'i32', base: 'i32', stride: 'i32', begin: 'i32', end: 'i32' } as const;

/** Calls the scan for nodes of this weight. */
function emitDispatch(m: WasmModule, [light, heavy]: readonly Scan[]): Callable<typeof dispatch, 'f64'> {
  if (light === undefined) throw new Error('a variant must have a scan');
  return m.function('scan', { parameters: dispatch, result: 'f64', exported: false }, (f, given) => {
    const { heavy: isHeavy, ...range } = given;
    if (heavy) f.if(isHeavy, () => f.return(heavy(range)));
    return light(range);
  });
}
