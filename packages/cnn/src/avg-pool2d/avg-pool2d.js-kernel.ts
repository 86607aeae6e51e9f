/** `y[…, c]` = mean over the window of x[…, c]. Float64 sums. */
import type { JsKernel } from '@dendrite/spec';
import { forEachWindow, poolGeometry } from '../window/pool-geometry.ts';

export const avgPool2dJsKernel: JsKernel = {
  language: 'js',
  prepare({ inputs: [x], outputs: [y], attributes }) {
    const g = poolGeometry(x?.shape ?? [], y?.shape ?? [], attributes);
    const full = attributes.countPadding === true ? g.size[0] * g.size[1] : 0;
    const sums = new Float64Array(g.channels);
    return ([out], [input]) => {
      if (!out || !input) return;
      forEachWindow(g, (image, at, top, bottom, left, right) => {
        sums.fill(0);
        for (let row = top; row < bottom; row++)
          for (let column = left; column < right; column++) {
            const source = ((image * g.height + row) * g.width + column) * g.channels;
            for (let c = 0; c < g.channels; c++) sums[c] = (sums[c] as number) + (input[source + c] as number);
          }
        const count = full || (bottom - top) * (right - left);
        for (let c = 0; c < g.channels; c++) out[at + c] = (sums[c] as number) / count;
      });
    };
  },
};
