/** One pass a row: `loss = A·ln Σ e^x − Σ t·x` with `t` from `rowWeights` and `A = Σ t`; its gradient `dy·(A·softmax − t)`. */
import { type Call, DendriteError, type HostArray, type JsKernel } from '@dendrite/spec';

interface RowReader {
  readonly rows: number;
  readonly classes: number;
  readonly smoothing: number;
  /** The row's class, or −1 where it is ignored. */
  code(codes: HostArray, row: number): number;
}
function rowReader({ inputs: [logits], attributes }: Call): RowReader {
  const [rows = 0, classes = 0] = logits?.shape ?? [];
  const ignored = Number(attributes.ignoreIndex);
  return {
    rows,
    classes,
    smoothing: Number(attributes.labelSmoothing),
    code(codes, row) {
      const code = codes[row] as number;
      if (code === ignored) return -1;
      if (code < 0 || code >= classes)
        throw new DendriteError(
          'DATA',
          `softmaxCrossEntropy(): codes must lie in 0 … ${classes - 1}, got ${code} in row ${row}. Give the last layer one unit a class, or set ignoreIndex.`,
        );
      return code;
    },
  };
}

/** Inputs logits, codes, and weights where there are any. */
export const softmaxCrossEntropyJsKernel: JsKernel = {
  language: 'js',
  prepare(call) {
    const { rows, classes, smoothing, code } = rowReader(call);
    return ([out], [logits, codes, weights]) => {
      if (!out || !logits || !codes) return;
      for (let row = 0; row < rows; row++) {
        const y = code(codes, row);
        out[row] = y < 0 ? 0 : rowLoss(logits, row * classes, classes, y, smoothing, weights);
      }
    };
  },
};

function rowLoss(
  logits: HostArray,
  at: number,
  classes: number,
  y: number,
  smoothing: number,
  weights: HostArray | undefined,
): number {
  const { top, sum } = exponentials(logits, at, classes);
  const logSum = Math.log(sum);
  let loss = 0;
  for (let c = 0; c < classes; c++) {
    const t = ((c === y ? 1 - smoothing : 0) + smoothing / classes) * (weights ? (weights[c] as number) : 1);
    // A class without a share may have a logit of −∞.
    if (t !== 0) loss += t * (logSum - ((logits[at + c] as number) - top));
  }
  return loss;
}

/** Inputs logits, codes, dy, and weights where there are any. */
export const softmaxCrossEntropyGradientJsKernel: JsKernel = {
  language: 'js',
  prepare(call) {
    const { rows, classes, smoothing, code } = rowReader(call);
    return ([out], [logits, codes, dy, weights]) => {
      if (!out || !logits || !codes || !dy) return;
      for (let row = 0; row < rows; row++) {
        const at = row * classes;
        const y = code(codes, row);
        if (y < 0) {
          for (let c = 0; c < classes; c++) out[at + c] = 0;
          continue;
        }
        const { top, sum } = exponentials(logits, at, classes);
        const share = (c: number): number =>
          ((c === y ? 1 - smoothing : 0) + smoothing / classes) * (weights ? (weights[c] as number) : 1);
        let all = 0;
        for (let c = 0; c < classes; c++) all += share(c);
        for (let c = 0; c < classes; c++)
          out[at + c] = (dy[row] as number) * ((all * Math.exp((logits[at + c] as number) - top)) / sum - share(c));
      }
    };
  },
};

function exponentials(logits: HostArray, at: number, classes: number): { readonly top: number; readonly sum: number } {
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) top = Math.max(top, logits[at + c] as number);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += Math.exp((logits[at + c] as number) - top);
  return { top, sum };
}
