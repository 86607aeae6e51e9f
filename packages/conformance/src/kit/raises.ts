/** Wrong calls must say what is wrong: the code, and the numbers. */
import { type DendriteError, type ErrorCode, isDendriteError } from '@dendrite/spec';
import { check } from './kit-case.ts';

/**
 * Runs `f` and returns the Dendrite error it gives.
 * @throws ConformanceFailure  if it gives none, another kind of error, or a message without the given texts
 */
export async function raises(
  what: string,
  codes: readonly ErrorCode[],
  f: () => unknown,
  ...texts: readonly (string | number)[]
): Promise<DendriteError> {
  let caught: unknown;
  try {
    await f();
  } catch (error) {
    caught = error;
  }
  check(caught !== undefined, `${what} must be refused with ${codes.join(' or ')}, but it was accepted`);
  check(
    isDendriteError(caught) && codes.some((code) => isDendriteError(caught, code)),
    () => `${what} must give a DendriteError with ${codes.join(' or ')}, got ${shown(caught)}`,
  );
  const error: DendriteError = caught;
  for (const text of texts)
    check(error.message.includes(String(text)), `${what}: the message must have '${text}', got '${error.message}'`);
  check(
    /[a-z]/i.test(error.message) && error.message.length >= 20,
    `${what}: the message must teach, got '${error.message}'`,
  );
  return error;
}

const shown = (error: unknown): string =>
  isDendriteError(error)
    ? `${error.code} '${error.message}'`
    : error instanceof Error
      ? `${error.name} '${error.message}'`
      : String(error);
