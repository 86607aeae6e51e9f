/** What kernels import as `math.<name>`: functions that WebAssembly lacks. Workers make the same table out of the same parts. */

/** Members of Math. */
export const mathNames = [
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'asinh',
  'acosh',
  'atanh',
  'pow',
  'atan2',
] as const;

/** The remainder that has the divisor's sign. Its text is sent to workers: it names nothing outside itself. */
export function mod(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

export const hostMath: WebAssembly.ModuleImports = Object.fromEntries([
  ['mod', mod],
  ...mathNames.map((name) => [name, Math[name]]),
]);
