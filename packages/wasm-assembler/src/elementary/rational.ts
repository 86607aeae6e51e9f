/** Functions that level off at both ends, as quotients of polynomials on a clamped range: tanh and erf of four float32. */
import { f32x4 } from '../value/namespaces.ts';
import { float, polynomial, type Site, type Vector } from './site.ts';

/** `x · P(x²) / Q(x²)` with x clamped to ±`end`; keeps a NaN. */
function rational(site: Site, given: Vector, end: number, above: readonly number[], below: readonly number[]): Vector {
  const { f } = site;
  const x = f.let(f32x4.pmax(f32x4.pmin(given, float(site, end)), float(site, -end)));
  const square = f.let(f32x4.mul(x, x));
  const numerator = polynomial(site, square, above);
  return f.let(f32x4.div(f32x4.mul(numerator, x), polynomial(site, square, below)));
}

/** tanh x within 5 units in the last place; ±1 from 9 on. @source  Eigen's fit on [−9, 9] */
export const tanh = (site: Site, x: Vector): Vector =>
  rational(
    site,
    x,
    9,
    [
      -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5,
      6.37261928875436e-4, 4.89352455891786e-3,
    ],
    [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3],
  );

/** erf x within 8 units in the last place; ±1 from 4 on. @source  Eigen's fit on [−4, 4] */
export const erf = (site: Site, x: Vector): Vector =>
  rational(
    site,
    x,
    4,
    [
      -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5, -7.34990630326855e-4,
      -2.954599803584e-3, -1.60960333262415e-2,
    ],
    [-1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3, -1.42647390514189e-2],
  );
