/** The one error class of Dendrite. Told apart by `code`, because `instanceof` fails when two copies of a package meet. */

/**
 * What kind of rule was broken:
 * `SHAPE` shapes do not fit; `DTYPE` element types do not fit; `OPTION` an argument or option is out of its range;
 * `DATA` the data cannot be learned from or is not there; `BACKEND` a backend cannot run here or failed; `FORMAT` a file is
 * damaged or not what it claims; `DISPOSED` a freed or consumed value was used; `ABORTED` the caller stopped the work;
 * `NUMERIC` a loss or gradient became NaN or infinite.
 */
export type ErrorCode =
  | 'SHAPE'
  | 'DTYPE'
  | 'OPTION'
  | 'DATA'
  | 'BACKEND'
  | 'FORMAT'
  | 'DISPOSED'
  | 'ABORTED'
  | 'NUMERIC';

/** Message form: `op(): <what> must <rule>, got <value>. <what to do>`. */
export class DendriteError extends Error {
  readonly '~dendrite' = 'error' as const;
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = `Dendrite:${code}`;
    this.code = code;
  }
}

/**
 * Whether `error` is a Dendrite error (of any copy of this package), and of this `code` when one is given.
 * @example
 * import { DendriteError, isDendriteError } from '@dendrite/spec';
 * isDendriteError(new DendriteError('SHAPE', 'matmul(): …'), 'SHAPE'); // true
 */
export function isDendriteError<const C extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: C,
): error is DendriteError & { readonly code: C } {
  if (typeof error !== 'object' || error === null || !('~dendrite' in error) || !('code' in error)) return false;
  return error['~dendrite'] === 'error' && (code === undefined || error.code === code);
}
