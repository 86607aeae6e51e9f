/** `y[p, d] = Σₖ window[p, k] · filter[k, d]`: windows of a block of positions as rows, then one product. Float64 sums. */
import type { JsKernel } from '@dendrite/spec';
import { convolutionGeometry, packWindows } from '../panels/convolution-geometry.ts';
import {
  aLanes,
  bLanes,
  depthOffsets,
  multiplyPanels,
  packMatrix,
  panelCount,
  rowOffsets,
} from '../panels/multiply-panels.ts';

export const conv2dJsKernel: JsKernel = {
  language: 'js',
  prepare({ inputs: [x, filters], outputs: [y], attributes }) {
    const g = convolutionGeometry(x?.shape ?? [], filters?.shape ?? [], y?.shape ?? [], attributes);
    const { block, windowSize, groupOut, outChannels } = g;
    const positions = g.outHeight * g.outWidth;
    const windowRowAt = rowOffsets(block, windowSize, aLanes);
    const windowColumnAt = depthOffsets(windowSize, aLanes);
    // The filter's row k is a position within, its column d a row of the packed operand.
    const filterRowAt = depthOffsets(windowSize, bLanes);
    const filterColumnAt = rowOffsets(groupOut, windowSize, bLanes);
    const bPanels = panelCount(groupOut, bLanes);
    const windows = new Float64Array(block * windowSize);
    const packed = new Float64Array(bPanels * bLanes * windowSize);
    const sums = new Float64Array(block * bPanels * bLanes);
    return ([out], [input, weights]) => {
      if (!out || !input || !weights) return;
      for (let group = 0; group < g.groups; group++) {
        packMatrix(weights, group * groupOut, windowSize, outChannels, groupOut, packed, filterRowAt, filterColumnAt);
        for (let image = 0; image < g.batch; image++)
          for (let first = 0; first < positions; first += block) {
            const count = Math.min(block, positions - first);
            packWindows(input, g, image, group, first, count, windows, windowRowAt, windowColumnAt);
            const aPanels = panelCount(count, aLanes);
            sums.fill(0, 0, aPanels * bPanels * 8);
            multiplyPanels(windows, aPanels, packed, bPanels, windowSize, sums);
            const start = (image * positions + first) * outChannels + group * groupOut;
            for (let r = 0; r < count; r++)
              for (let d = 0; d < groupOut; d++)
                out[start + r * outChannels + d] = sums[
                  ((r >> 2) * bPanels + (d >> 1)) * 8 + (r & 3) * 2 + (d & 1)
                ] as number;
          }
      }
    };
  },
};
