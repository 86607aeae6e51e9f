/** `y[…, c] = max over the window of x[…, c]`. NaN wins; padding never does. */
import type { JsKernel } from '@dendrite/spec';
import { forEachWindow, poolGeometry } from '../window/pool-geometry.ts';

export const maxPool2dJsKernel: JsKernel = {
  language: 'js',
  prepare({ inputs: [x], outputs: [y], attributes }) {
    const g = poolGeometry(x?.shape ?? [], y?.shape ?? [], attributes);
    return ([out], [input]) => {
      if (!out || !input) return;
      forEachWindow(g, (image, at, top, bottom, left, right) => {
        for (let c = 0; c < g.channels; c++) out[at + c] = Number.NEGATIVE_INFINITY;
        for (let row = top; row < bottom; row++)
          for (let column = left; column < right; column++) {
            const source = ((image * g.height + row) * g.width + column) * g.channels;
            for (let c = 0; c < g.channels; c++) {
              const value = input[source + c] as number;
              // Written so that a NaN is taken and never given up again.
              const best = out[at + c] as number;
              if (!(value <= best) && !Number.isNaN(best)) out[at + c] = value;
            }
          }
      });
    };
  },
};
