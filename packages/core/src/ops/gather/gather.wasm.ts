/**
 * Rows by index, and rows added at an index, of four-byte elements. First all indices are looked at; a wrong one is an error before
 * anything is written. Additions happen in the order of the indices, in float32.
 */
import {
  type Call,
  DendriteError,
  type DType,
  type GenericVariant,
  type WasmKernel,
  type WasmVariant,
} from '@dendrite/spec';
import { type FunctionBuilder, f32, f32x4, i32, type Value, v128, type WasmModule } from '@dendrite/wasm-assembler';
import { copyRun } from '../../wasm-kernels/copy-run.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { integers } from '../../wasm-kernels/parameters.ts';
import { copyBytes } from '../../wasm-kernels/strided-copy.ts';
import { aroundAxis, shapeOf, sizeOf } from '../strides.ts';

type Int = Value<'i32'>;
const fourBytes: ReadonlySet<DType | undefined> = new Set<DType>(['float32', 'int32']);

function moduleOn(limit: 'length'): WasmModule {
  const m = kernelModule();
  const fail = m.importFunction('env', 'fail', { parameters: { found: 'i32', limit: 'i32', at: 'i32' } });
  m.function('check', { parameters: integers(names) }, (f, p) => {
    f.loop(p.begin, p.end, (n) => {
      const index = f.let(i32.load(p.indices.add(n.shl(2))));
      f.if(index.ge_u(p[limit]), () => f.do(fail({ found: index, limit: p[limit], at: n })));
    });
  });
  return m;
}
const names = ['begin', 'end', 'y', 'x', 'indices', 'scratch', 'length', 'inner', 'count'] as const;

/** `[outer, length, inner]` of the side that is indexed, and how many indices there are. */
function geometry(call: Call, indexed: 'input' | 'output') {
  const spec = indexed === 'input' ? call.inputs[0] : call.outputs[0];
  const [outer, length, inner] = aroundAxis(shapeOf(spec), Number(call.attributes.axis));
  return { outer, length, inner, count: sizeOf(shapeOf(call.inputs[1])) };
}
const failure = (operation: string) => (found: number, length: number) =>
  new DendriteError('OPTION', `${operation}(): indices must be from 0 to ${length - 1}, got ${found}.`);

const common = (indexed: 'input' | 'output', operation: string) =>
  ({
    arguments(call: Call): readonly number[] {
      const { length, inner, count } = geometry(call, indexed);
      return [length, inner, count];
    },
    failure: failure(operation),
  }) as const;
const check = { entry: 'check', units: ({ inputs: [, indices] }: Call) => sizeOf(shapeOf(indices)) };

/** Bytes of a row that are baked in, so that it is copied without a loop; longer ones, and their generic variant, have 0. */
const shortRow = 512;
const rowBytes = (call: Call): number => {
  const bytes = 4 * geometry(call, 'input').inner;
  return bytes > shortRow ? 0 : bytes;
};
/** Widths of rows that get modules of their own. */
const mostWidths = 8;

/** A unit of work is one row of the result. */
const rows: WasmVariant = {
  ...common('input', 'gather'),
  specialize: (call) => ({ bytes: rowBytes(call) }),
  phases: [
    check,
    {
      entry: 'run',
      units: (call) => geometry(call, 'input').outer * geometry(call, 'input').count,
      work: (call) => 8 * geometry(call, 'input').inner + 8,
    },
  ],
  emit({ bytes }) {
    const m = moduleOn('length');
    m.function('run', { parameters: integers(names) }, (f, p) => {
      const row = f.let(p.inner.shl(2));
      const block = f.let(p.begin.div_u(p.count));
      const n = f.let(p.begin.sub(block.mul(p.count)));
      const source = f.let(p.x.add(block.mul(p.length).mul(row)));
      const to = f.let(p.y.add(p.begin.mul(row)));
      f.loop(p.begin, p.end, () => {
        const index = i32.load(p.indices.add(n.shl(2)));
        if (bytes === 0) copyBytes(f, to, f.let(source.add(index.mul(row))), row, 4);
        else copyRun(f, to, source.add(index.mul(Number(bytes))), Number(bytes));
        to.set(to.add(row));
        n.set(n.add(1));
        f.if(n.eq(p.count), () => {
          n.set(0);
          source.set(source.add(p.length.mul(row)));
        });
      });
    });
    return m.toBytes();
  },
};
const anyRows: GenericVariant = { ...rows, specialize: () => ({ bytes: 0 }), mostOwn: mostWidths };

export const gatherWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs: [x] }) => fourBytes.has(x?.dtype),
  ...rows,
  // Single elements have one module in any case.
  generic: (call) => (rowBytes(call) > 4 ? anyRows : undefined),
};

/** A unit of work is all that lies before the axis. */
export const scatterAddWasmKernel: WasmKernel = {
  language: 'wasm',
  ...common('output', 'scatterAdd'),
  accepts: ({ inputs: [updates] }) => updates?.dtype === 'float32',
  specialize: (call) => {
    const { inner } = geometry(call, 'output');
    return { rest: inner % 4, single: inner === 1 };
  },
  phases: [
    check,
    {
      entry: 'run',
      units: (call) => geometry(call, 'output').outer,
      work(call) {
        const { length, inner, count } = geometry(call, 'output');
        return 4 * length * inner + 12 * count * inner;
      },
    },
  ],
  emit({ rest, single }) {
    const m = moduleOn('length');
    m.function('run', { parameters: integers(names) }, (f, p) => {
      const row = f.let(p.inner.shl(2));
      const whole = f.let(row.and(-16));
      f.loop(p.begin, p.end, (unit) => {
        const base = f.let(p.y.add(unit.mul(p.length).mul(row)));
        f.memory.fill(base, 0, p.length.mul(row));
        const from = f.let(p.x.add(unit.mul(p.count).mul(row)));
        f.loop(0, p.count, (n) => {
          const to = f.let(base.add(i32.load(p.indices.add(n.shl(2))).mul(row)));
          if (single) f.f32.store(to, f32.load(to).add(f32.load(from)));
          else addRow(f, { to, from, whole, row, rest: Number(rest) });
          from.set(from.add(row));
        });
      });
    });
    return m.toBytes();
  },
};

interface AddedRow {
  readonly to: Int;
  readonly from: Int;
  /** Bytes in whole vectors, and of the row. */
  readonly whole: Int;
  readonly row: Int;
  readonly rest: number;
}
function addRow(f: FunctionBuilder, { to, from, whole, row, rest }: AddedRow): void {
  f.loop(0, whole, 16, (at) => {
    const place = f.let(to.add(at));
    f.v128.store(place, f32x4.add(v128.load(place), v128.load(from.add(at))));
  });
  if (rest === 0) return;
  f.loop(whole, row, 4, (at) => {
    const place = f.let(to.add(at));
    f.f32.store(place, f32.add(f32.load(place), f32.load(from.add(at))));
  });
}
