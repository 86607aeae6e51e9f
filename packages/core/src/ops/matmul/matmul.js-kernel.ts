/**
 * Matrix product in plain JavaScript: each element adds over K in ascending order, in float64, and is rounded once.
 * The second operand is packed into panels of four columns, the first read as it lies (a transposed one is packed too), so the
 * inner loop holds 4 × 4 sums in registers and reads memory in order.
 */
import type { HostArray, JsKernel, JsRoutine } from '@dendrite/spec';

import { shapeOf } from '../strides.ts';
export const matmulKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [a, b], outputs: [y], attributes }): JsRoutine => {
    const shape = shapeOf(y);
    const rank = shape.length;
    const batch = rank === 3 ? (shape[0] as number) : 1;
    const m = shape[rank - 2] as number;
    const n = shape[rank - 1] as number;
    const transposeA = attributes.transposeA === true;
    const transposeB = attributes.transposeB === true;
    const k = ((a?.shape ?? [])[transposeA ? rank - 2 : rank - 1] ?? 0) as number;
    const sizeB = (b?.shape ?? []).slice(-2).reduce((p, q) => p * q, 1);
    return ([to], [left, right]) => {
      for (let each = 0; each < batch; each++)
        product(
          to as HostArray,
          each * m * n,
          left as HostArray,
          each * m * k,
          right as HostArray,
          each * sizeB,
          m,
          k,
          n,
          transposeA,
          transposeB,
        );
    };
  },
};

let packedB = new Float64Array(0);
let packedA = new Float64Array(0);

/** `to[m, n] = a[m, k] · b[k, n]`, each from its offset on; a transposed operand lies as [k, m] or [n, k]. */
export function product(
  to: HostArray,
  toAt: number,
  a: HostArray,
  aAt: number,
  b: HostArray,
  bAt: number,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): void {
  const panels = Math.ceil(n / 4);
  if (packedB.length < panels * 4 * k) packedB = new Float64Array(panels * 4 * k);
  if (packedA.length < 4 * k) packedA = new Float64Array(4 * k);
  const pb = packedB;
  const pa = packedA;
  for (let panel = 0, at = 0; panel < panels; panel++)
    for (let p = 0; p < k; p++)
      for (let c = 0; c < 4; c++) {
        const j = panel * 4 + c;
        pb[at++] = j < n ? (b[transposeB ? bAt + j * k + p : bAt + p * n + j] as number) : 0;
      }
  for (let i = 0; i < m; i += 4) {
    const rows = Math.min(4, m - i);
    // Four rows side by side; missing ones are zero and not stored.
    for (let r = 0; r < 4; r++) {
      if (r >= rows) for (let p = 0; p < k; p++) pa[4 * p + r] = 0;
      else if (transposeA) for (let p = 0; p < k; p++) pa[4 * p + r] = a[aAt + p * m + i + r] as number;
      else for (let p = 0, at = aAt + (i + r) * k; p < k; p++) pa[4 * p + r] = a[at + p] as number;
    }
    for (let panel = 0; panel < panels; panel++)
      tile(to, toAt + i * n + panel * 4, n, rows, Math.min(4, n - panel * 4), pa, pb, panel * 4 * k, k);
  }
}

function tile(
  to: HostArray,
  at: number,
  n: number,
  rows: number,
  columns: number,
  pa: Float64Array,
  pb: Float64Array,
  begin: number,
  k: number,
): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  for (let p = 0, q = begin, end = 4 * k; p < end; p += 4, q += 4) {
    const b0 = pb[q] as number,
      b1 = pb[q + 1] as number,
      b2 = pb[q + 2] as number,
      b3 = pb[q + 3] as number;
    const a0 = pa[p] as number;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    const a1 = pa[p + 1] as number;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    const a2 = pa[p + 2] as number;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    const a3 = pa[p + 3] as number;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  store(to, at, columns, s00, s01, s02, s03);
  if (rows > 1) store(to, at + n, columns, s10, s11, s12, s13);
  if (rows > 2) store(to, at + 2 * n, columns, s20, s21, s22, s23);
  if (rows > 3) store(to, at + 3 * n, columns, s30, s31, s32, s33);
}

function store(to: HostArray, at: number, columns: number, a: number, b: number, c: number, d: number): void {
  to[at] = a;
  if (columns > 1) to[at + 1] = b;
  if (columns > 2) to[at + 2] = c;
  if (columns > 3) to[at + 3] = d;
}
