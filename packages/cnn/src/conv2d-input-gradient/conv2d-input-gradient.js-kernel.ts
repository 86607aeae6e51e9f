/** `dwindow[p, k] = Σ_d dy[p, d] · filter[k, d]`, each added where its element came from. One float64 image at a time. */
import type { JsKernel } from '@dendrite/spec';
import { type ConvolutionGeometry, convolutionGeometry } from '../panels/convolution-geometry.ts';
import {
  aLanes,
  bLanes,
  depthOffsets,
  multiplyPanels,
  packMatrix,
  panelCount,
  rowOffsets,
} from '../panels/multiply-panels.ts';

export const conv2dInputGradientJsKernel: JsKernel = {
  language: 'js',
  prepare({ inputs: [dy, filters], outputs: [x], attributes }) {
    const g = convolutionGeometry(x?.shape ?? [], filters?.shape ?? [], dy?.shape ?? [], attributes);
    const { block, windowSize, groupOut, outChannels } = g;
    const positions = g.outHeight * g.outWidth;
    const bPanels = panelCount(windowSize, bLanes);
    const dyRowAt = rowOffsets(block, groupOut, aLanes);
    const dyColumnAt = depthOffsets(groupOut, aLanes);
    const filterRowAt = rowOffsets(windowSize, groupOut, bLanes);
    const filterColumnAt = depthOffsets(groupOut, bLanes);
    const packedDy = new Float64Array(block * groupOut);
    const filterPanels = bPanels * bLanes * groupOut;
    const packedFilters = new Float64Array(filterPanels * g.groups);
    const sums = new Float64Array(block * bPanels * bLanes);
    const image = new Float64Array(g.height * g.width * g.channels);
    return ([out], [gradient, weights]) => {
      if (!out || !gradient || !weights) return;
      const groups = Array.from({ length: g.groups }, (_, group) =>
        packedFilters.subarray(group * filterPanels, (group + 1) * filterPanels),
      );
      groups.forEach((packed, group) => {
        packMatrix(weights, group * groupOut, windowSize, outChannels, groupOut, packed, filterRowAt, filterColumnAt);
      });
      for (let b = 0; b < g.batch; b++) {
        image.fill(0);
        groups.forEach((packed, group) => {
          for (let first = 0; first < positions; first += block) {
            const count = Math.min(block, positions - first);
            const start = (b * positions + first) * outChannels + group * groupOut;
            packMatrix(gradient, start, count, outChannels, groupOut, packedDy, dyRowAt, dyColumnAt);
            const aPanels = panelCount(count, aLanes);
            sums.fill(0, 0, aPanels * bPanels * 8);
            multiplyPanels(packedDy, aPanels, packed, bPanels, groupOut, sums);
            addWindows(sums, bPanels, g, group, first, count, image);
          }
        });
        out.set(image, b * image.length);
      }
    };
  },
};

/** The transpose of `packWindows`: overlaps add up, what lies in the padding is dropped. */
function addWindows(
  sums: Float64Array,
  bPanels: number,
  g: ConvolutionGeometry,
  group: number,
  first: number,
  count: number,
  image: Float64Array,
): void {
  for (let r = 0; r < count; r++) {
    const sumsAt = (r >> 2) * bPanels * 8 + (r & 3) * 2;
    const top = Math.floor((first + r) / g.outWidth) * g.stride[0] - g.before[0];
    const left = ((first + r) % g.outWidth) * g.stride[1] - g.before[1];
    for (let i = 0; i < g.size[0]; i++) {
      const row = top + i * g.dilation[0];
      if (row < 0 || row >= g.height) continue;
      for (let j = 0; j < g.size[1]; j++) {
        const column = left + j * g.dilation[1];
        if (column < 0 || column >= g.width) continue;
        const target = (row * g.width + column) * g.channels + group * g.groupIn;
        const k0 = (i * g.size[1] + j) * g.groupIn;
        for (let c = 0; c < g.groupIn; c++) {
          const k = k0 + c;
          image[target + c] = (image[target + c] as number) + (sums[sumsAt + (k >> 1) * 8 + (k & 1)] as number);
        }
      }
    }
  }
}
