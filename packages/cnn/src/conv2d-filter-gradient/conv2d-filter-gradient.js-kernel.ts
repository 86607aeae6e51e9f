/** `dW[k, d] = Σ window[p, k] · dy[p, d]` over all positions of all images, in order. Float64 sums over the whole batch. */
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

export const conv2dFilterGradientJsKernel: JsKernel = {
  language: 'js',
  prepare({ inputs: [x, dy], outputs: [filters], attributes }) {
    const g = convolutionGeometry(x?.shape ?? [], filters?.shape ?? [], dy?.shape ?? [], attributes);
    const { windowSize, groupOut, outChannels } = g;
    const positions = g.outHeight * g.outWidth;
    const aPanels = panelCount(windowSize, aLanes);
    const bPanels = panelCount(groupOut, bLanes);
    const windows = new Float64Array(aPanels * aLanes * g.block);
    const cotangents = new Float64Array(bPanels * bLanes * g.block);
    const sums = new Float64Array(aPanels * bPanels * 8);
    // Positions are the depth here, and the last block is shorter: its panels lie closer together.
    const layouts = [g.block, positions % g.block].map((depth) => ({
      windowRowAt: depthOffsets(depth, aLanes),
      windowColumnAt: rowOffsets(windowSize, depth, aLanes),
      dyRowAt: depthOffsets(depth, bLanes),
      dyColumnAt: rowOffsets(groupOut, depth, bLanes),
    }));
    return ([out], [input, gradient]) => {
      if (!out || !input || !gradient) return;
      for (let group = 0; group < g.groups; group++) {
        sums.fill(0);
        for (let image = 0; image < g.batch; image++)
          for (let first = 0; first < positions; first += g.block) {
            const count = Math.min(g.block, positions - first);
            const layout = layouts[count === g.block ? 0 : 1];
            if (!layout) continue;
            packWindows(input, g, image, group, first, count, windows, layout.windowRowAt, layout.windowColumnAt);
            const start = (image * positions + first) * outChannels + group * groupOut;
            packMatrix(gradient, start, count, outChannels, groupOut, cotangents, layout.dyRowAt, layout.dyColumnAt);
            multiplyPanels(windows, aPanels, cotangents, bPanels, count, sums);
          }
        for (let k = 0; k < windowSize; k++)
          for (let d = 0; d < groupOut; d++)
            out[k * outChannels + group * groupOut + d] = sums[
              ((k >> 2) * bPanels + (d >> 1)) * 8 + (k & 3) * 2 + (d & 1)
            ] as number;
      }
    };
  },
};
