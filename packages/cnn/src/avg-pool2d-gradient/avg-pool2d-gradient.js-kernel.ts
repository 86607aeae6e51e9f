/** Each window's cotangent, shared equally by its elements. Float64 sums. */
import type { JsKernel } from '@dendrite/spec';
import { forEachWindow, poolGeometry } from '../window/pool-geometry.ts';

export const avgPool2dGradientJsKernel: JsKernel = {
  language: 'js',
  prepare({ inputs: [dy], outputs: [x], attributes }) {
    const g = poolGeometry(x?.shape ?? [], dy?.shape ?? [], attributes);
    const full = attributes.countPadding === true ? g.size[0] * g.size[1] : 0;
    const sums = new Float64Array(g.batch * g.height * g.width * g.channels);
    return ([out], [gradient]) => {
      if (!out || !gradient) return;
      sums.fill(0);
      forEachWindow(g, (image, at, top, bottom, left, right) => {
        const share = 1 / (full || (bottom - top) * (right - left));
        for (let row = top; row < bottom; row++)
          for (let column = left; column < right; column++) {
            const target = ((image * g.height + row) * g.width + column) * g.channels;
            for (let c = 0; c < g.channels; c++)
              sums[target + c] = (sums[target + c] as number) + (gradient[at + c] as number) * share;
          }
      });
      out.set(sums);
    };
  },
};
