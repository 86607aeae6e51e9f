/** WGSL for the nodes that tfjs's WebGPU shaders get wrong; `a` and `b` are the operands. See `webgpu-elementwise.ts`. */
import type { Binary, Unary } from '@dendrite/spec';

const nan = 'if (isNaN_(a)) { return a; }';

/**
 * Sine and cosine by Cody and Waite's reduction to [−π/4, π/4] and Taylor polynomials: 1e-7 where WGSL's own promise 5e-4.
 * Past 1e5 the reduction runs out of digits, and WGSL's own answer.
 */
const quadrant = `
    if (isNaN_(a) || isInf_(a)) { return uniforms.NAN; }
    let n = round(a * 0.636619772367581);
    let r = ((a - n * 1.5703125) - n * 0.00048351287841796875) - n * 3.138550868e-7;
    let q = r * r;
    let s = r * (1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0))));
    let c = 1.0 - q * 0.5 * (1.0 - q / 12.0 * (1.0 - q / 30.0 * (1.0 - q / 56.0 * (1.0 - q / 90.0))));
    let turn = i32(n) & 3;`;
const far = (name: string): string => `if (abs(a) > 1e5) { return ${name}(a); }`;

/** tfjs: exp(NaN) = ∞, log(0) = −88, log1p(−2) = 0, asinh(−∞) = +89, sinh(−88) = −∞, sign(NaN) = 0 (SwiftShader). */
export const webgpuUnary: { readonly [name in Unary]?: string } = {
  sin: `${far('sin')}${quadrant}
    return select(select(s, c, turn == 1), select(-s, -c, turn == 3), turn > 1);`,
  cos: `${far('cos')}${quadrant}
    return select(select(c, -s, turn == 1), select(-c, s, turn == 3), turn > 1);`,
  tan: `${far('tan')}${quadrant}
    return select(s / c, -c / s, (turn & 1) == 1);`,
  sign: `${nan} return sign(a);`,
  exp: `${nan} return exp(a);`,
  expm1: `${nan}
    if (abs(a) < 0.1) { return a * (1.0 + a / 2.0 * (1.0 + a / 3.0 * (1.0 + a / 4.0 * (1.0 + a / 5.0)))); }
    return exp(a) - 1.0;`,
  log: `${nan}
    if (a < 0.0) { return uniforms.NAN; }
    if (a == 0.0) { return -uniforms.INFINITY; }
    if (isInf_(a)) { return a; }
    return log(a);`,
  log1p: `${nan}
    if (a < -1.0) { return uniforms.NAN; }
    if (a == -1.0) { return -uniforms.INFINITY; }
    if (isInf_(a)) { return a; }
    return log1p_(a);`,
  // exp(|a| − log 2), because exp(|a|) overflows first.
  sinh: `${nan}
    if (abs(a) < 0.3) { let s = a * a; return a * (1.0 + s / 6.0 * (1.0 + s / 20.0 * (1.0 + s / 42.0))); }
    let e = exp(abs(a) - 0.693147180559945);
    return sign(a) * select(e - 0.25 / e, e, isInf_(e));`,
  cosh: `${nan}
    let e = exp(abs(a) - 0.693147180559945);
    return select(e + 0.25 / e, e, isInf_(e));`,
  tanh: `${nan}
    if (abs(a) < 0.1) { let s = a * a; return a * (1.0 - s / 3.0 * (1.0 - s * 0.4 * (1.0 - s * 17.0 / 42.0))); }
    let e = exp(-2.0 * abs(a));
    return sign(a) * (1.0 - e) / (1.0 + e);`,
  asinh: `${nan}
    let b = abs(a);
    if (isInf_(a)) { return a; }
    if (b > 1e10) { return sign(a) * (log(b) + 0.693147180559945); }
    return sign(a) * log1p_(b + b * b / (1.0 + sqrt(b * b + 1.0)));`,
  acosh: `${nan}
    if (a < 1.0) { return uniforms.NAN; }
    if (isInf_(a)) { return a; }
    if (a > 1e10) { return log(a) + 0.693147180559945; }
    let t = a - 1.0;
    return log1p_(t + sqrt(t * (t + 2.0)));`,
  atanh: `${nan}
    let b = abs(a);
    if (b > 1.0) { return uniforms.NAN; }
    if (b == 1.0) { return sign(a) * uniforms.INFINITY; }
    return sign(a) * 0.5 * log1p_(2.0 * b / (1.0 - b));`,
};

/** tfjs: pow(−∞, 0.5) = NaN, pow(0, −1) = 0, pow(0, 0.001) = 0.92 (SwiftShader). Whole exponents are products. */
export const webgpuFloatBinary: { readonly [name in Binary]?: string } = {
  mod: `
    if (isNaN_(a) || isNaN_(b) || isInf_(a) || b == 0.0) { return uniforms.NAN; }
    if (isInf_(b)) { return select(b, a, a == 0.0 || (a < 0.0) == (b < 0.0)); }
    var r = a % b;
    if (r != 0.0 && (r < 0.0) != (b < 0.0)) { r = r + b; }
    return r;`,
  pow: `
    if (b == 0.0) { return 1.0; }
    if (isNaN_(a) || isNaN_(b)) { return uniforms.NAN; }
    let m = abs(a);
    if (isInf_(b)) {
      if (m == 1.0) { return uniforms.NAN; }
      return select(0.0, uniforms.INFINITY, (m > 1.0) == (b > 0.0));
    }
    let whole = floor(b) == b;
    let odd = whole && abs(b) < 16777216.0 && (i32(abs(b)) & 1) == 1;
    var r : f32;
    if (m == 0.0) { r = select(uniforms.INFINITY, 0.0, b > 0.0); }
    else if (isInf_(m)) { r = select(0.0, uniforms.INFINITY, b > 0.0); }
    else if (b == 0.5) { r = sqrt(m); }
    else if (whole && abs(b) <= 32.0) {
      r = 1.0;
      var n = i32(abs(b));
      var power = m;
      loop {
        if (n == 0) { break; }
        if ((n & 1) == 1) { r = r * power; }
        power = power * power;
        n = n >> 1u;
      }
      if (b < 0.0) { r = 1.0 / r; }
    }
    else { r = pow(m, b); }
    if (a >= 0.0) { return r; }
    if (odd) { return -r; }
    if (whole || m == 0.0 || isInf_(m)) { return r; }
    return uniforms.NAN;`,
};

/** tfjs takes int32 through float32, which is exact to 2^24 only. */
export const webgpuIntBinary: { readonly [name in Binary]?: string } = {
  add: 'return a + b;',
  sub: 'return a - b;',
  mul: 'return a * b;',
  min: 'return min(a, b);',
  max: 'return max(a, b);',
  lt: 'return select(0, 1, a < b);',
  le: 'return select(0, 1, a <= b);',
  eq: 'return select(0, 1, a == b);',
  mod: `
    if (b == 0) { return 0; }
    var r = a % b;
    if (r != 0 && (r < 0) != (b < 0)) { r = r + b; }
    return r;`,
};
