/** Each window's cotangent goes to its first largest element. Float64 sums. */
import type { JsKernel } from '@dendrite/spec';
import { forEachWindow, poolGeometry } from '../window/pool-geometry.ts';

export const maxPool2dGradientJsKernel: JsKernel = {
  language: 'js',
  prepare({ inputs: [x, dy], attributes }) {
    const g = poolGeometry(x?.shape ?? [], dy?.shape ?? [], attributes);
    const sums = new Float64Array(g.batch * g.height * g.width * g.channels);
    const largest = new Float64Array(g.channels);
    const where = new Int32Array(g.channels);
    return ([out], [input, gradient]) => {
      if (!out || !input || !gradient) return;
      sums.fill(0);
      forEachWindow(g, (image, at, top, bottom, left, right) => {
        for (let row = top; row < bottom; row++)
          for (let column = left; column < right; column++) {
            const source = ((image * g.height + row) * g.width + column) * g.channels;
            const first = row === top && column === left;
            for (let c = 0; c < g.channels; c++) {
              const value = input[source + c] as number;
              const best = largest[c] as number;
              if (first || (!(value <= best) && !Number.isNaN(best))) {
                largest[c] = value;
                where[c] = source + c;
              }
            }
          }
        for (let c = 0; c < g.channels; c++) {
          const target = where[c] as number;
          sums[target] = (sums[target] as number) + (gradient[at + c] as number);
        }
      });
      out.set(sums);
    };
  },
};
