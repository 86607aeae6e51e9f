// One wrong call: what is wrong with it, what it must throw, and what its message must say.
import { type ErrorCode, isDendriteError } from '@dendrite/spec';

/** A row of the table. */
export interface WrongCall {
  /** The mistake, in a few words. */
  readonly mistake: string;
  readonly code: ErrorCode;
  /** The numbers, names and advice that the message must hold. */
  readonly says: readonly string[];
  call(): unknown;
}

/** What became of a call: its message, or why it does not teach. */
export type Outcome = { readonly message: string } | { readonly fault: string };

/** Makes the call and judges what it throws. */
export async function judge({ code, says, call }: WrongCall): Promise<Outcome> {
  let error: unknown;
  try {
    await call();
    return { fault: 'nothing was thrown' };
  } catch (thrown) {
    error = thrown;
  }
  if (!isDendriteError(error))
    return { fault: `threw something else: ${error instanceof Error ? error.stack : String(error)}` };
  const { message } = error;
  if (error.code !== code) return { fault: `code must be ${code}, got ${error.code}: ${message}` };
  const lacking = says.filter((part) => !message.includes(part));
  if (lacking.length > 0) return { fault: `message must say '${lacking.join("' and '")}', got: ${message}` };
  return { message };
}
