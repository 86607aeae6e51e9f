/**
 * The product all convolution kernels rest on: `out[i, j] += Σₖ a[i, k] · b[j, k]` over operands packed in panels of 4 and 2.
 * Packing makes every read of the inner loop contiguous; 4 × 2 running sums is what fits the registers of a machine without
 * vectors (4.8 GFLOP/s on one core under V8, where a plain triple loop has 1).
 * Each element is one ascending chain over k in float64, whatever the block it lies in.
 */
export const aLanes = 4;
export const bLanes = 2;

/** `a`: [panels][depth][4], `b`: [panels][depth][2], `out`: [a panels][b panels][4][2], added to. */
export function multiplyPanels(
  a: Float64Array,
  aPanels: number,
  b: Float64Array,
  bPanels: number,
  depth: number,
  out: Float64Array,
): void {
  for (let i = 0; i < aPanels; i++) {
    for (let j = 0; j < bPanels; j++) {
      let p = i * depth * 4;
      let q = j * depth * 2;
      const o = (i * bPanels + j) * 8;
      let c00 = out[o] as number;
      let c01 = out[o + 1] as number;
      let c10 = out[o + 2] as number;
      let c11 = out[o + 3] as number;
      let c20 = out[o + 4] as number;
      let c21 = out[o + 5] as number;
      let c30 = out[o + 6] as number;
      let c31 = out[o + 7] as number;
      for (let k = 0; k < depth; k++) {
        const b0 = b[q] as number;
        const b1 = b[q + 1] as number;
        const a0 = a[p] as number;
        const a1 = a[p + 1] as number;
        const a2 = a[p + 2] as number;
        const a3 = a[p + 3] as number;
        c00 += a0 * b0;
        c01 += a0 * b1;
        c10 += a1 * b0;
        c11 += a1 * b1;
        c20 += a2 * b0;
        c21 += a2 * b1;
        c30 += a3 * b0;
        c31 += a3 * b1;
        p += 4;
        q += 2;
      }
      out[o] = c00;
      out[o + 1] = c01;
      out[o + 2] = c10;
      out[o + 3] = c11;
      out[o + 4] = c20;
      out[o + 5] = c21;
      out[o + 6] = c30;
      out[o + 7] = c31;
    }
  }
}

/** How many panels of `lanes` hold `count` rows. */
export const panelCount = (count: number, lanes: number): number => Math.ceil(count / lanes);

/** Where row r of a packed operand starts: `[r / lanes][·][r % lanes]`. Add `depthOffsets` for the position within. */
export function rowOffsets(rows: number, depth: number, lanes: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, r) => Math.floor(r / lanes) * depth * lanes + (r % lanes));
}

/** Where position k of a packed row lies relative to the row's start. */
export const depthOffsets = (depth: number, lanes: number): Int32Array =>
  Int32Array.from({ length: depth }, (_, k) => k * lanes);

/** Copies `[rows, columns]` out of a matrix whose rows lie `stride` apart. */
export function packMatrix(
  from: ArrayLike<number>,
  start: number,
  rows: number,
  stride: number,
  columns: number,
  to: Float64Array,
  rowAt: Int32Array,
  columnAt: Int32Array,
): void {
  for (let r = 0; r < rows; r++) {
    const source = start + r * stride;
    const target = rowAt[r] as number;
    for (let c = 0; c < columns; c++) to[target + (columnAt[c] as number)] = from[source + c] as number;
  }
}
