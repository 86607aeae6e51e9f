/** What every refusal of this package says: which rule, which value, and what to do. */
import { DendriteError } from '@dendrite/spec';

/** A FORMAT error: `rule` reads `<what> must <rule>, got <value>`. */
export function formatError(
  rule: string,
  advice = 'The file is damaged, cut short, or no safetensors file: get it again.',
): DendriteError {
  return new DendriteError('FORMAT', `safetensors: ${rule}. ${advice}`);
}

/** A text from a file as it may stand in a message: quoted, escaped, at most 60 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
