/**
 * JSON that comes from a stranger. Differs from `JSON.parse`: a repeated name is an error instead of being dropped, names
 * that reach a prototype are refused, nesting is limited, numbers must be finite. The grammar is RFC 8259.
 */
import type { Json } from '@dendrite/spec';
import { formatError, quote } from '../format-error.ts';
import { isUnsafeName, MAX_DEPTH } from './limits.ts';

/**
 * The value of a JSON text.
 * @param what  What the text is, for messages: `'the header'`
 * @throws FORMAT  naming the position
 */
export function parseJson(text: string, what: string): Json {
  const reader = new Reader(text, what);
  const value = reader.value(0);
  reader.end();
  return value;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERALS: readonly (readonly [string, null | boolean])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];

class Reader {
  readonly #text: string;
  readonly #what: string;
  #at = 0;

  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
  }

  value(depth: number): Json {
    if (depth > MAX_DEPTH) this.#fail(`must nest at most ${MAX_DEPTH} levels deep, got more`);
    const next = this.#peek();
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    for (const [literal, value] of LITERALS) {
      if (this.#text.startsWith(literal, this.#at)) {
        this.#at += literal.length;
        return value;
      }
    }
    return this.#number();
  }

  /** Only white space may follow. */
  end(): void {
    const rest = this.#peek();
    if (rest !== '') this.#fail(`must end after its value, got ${quote(rest)}`);
  }

  #object(depth: number): Json {
    const object: { [name: string]: Json } = {};
    this.#at++;
    if (this.#take('}')) return object;
    do {
      if (this.#peek() !== '"') this.#fail(`must have a quoted name here, got ${quote(this.#peek())}`);
      const name = this.#string();
      if (isUnsafeName(name)) this.#fail(`must not use the name ${quote(name)}, which JavaScript reserves`);
      if (Object.hasOwn(object, name)) this.#fail(`must name each thing once, got ${quote(name)} twice`);
      this.#expect(':');
      object[name] = this.value(depth + 1);
    } while (this.#take(','));
    this.#expect('}');
    return object;
  }

  #array(depth: number): Json {
    const array: Json[] = [];
    this.#at++;
    if (this.#take(']')) return array;
    do array.push(this.value(depth + 1));
    while (this.#take(','));
    this.#expect(']');
    return array;
  }

  #string(): string {
    const start = this.#at++;
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at); // NaN behind the end
      if (code === 0x5c) this.#at++;
      else if (code === 0x22) break;
      else if (!(code >= 0x20)) this.#fail('must close each string and escape control characters, got neither');
    }
    this.#at++;
    try {
      // Finds its end without escapes; what they mean JSON.parse knows best.
      const value: unknown = JSON.parse(this.#text.slice(start, this.#at));
      if (typeof value === 'string') return value;
    } catch {}
    this.#at = start;
    return this.#fail('must have valid escapes in its strings, got another');
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    const token = NUMBER.exec(this.#text)?.[0];
    if (token === undefined) return this.#fail(`must be JSON, got ${quote(this.#text.slice(this.#at, this.#at + 10))}`);
    const value = Number(token);
    if (!Number.isFinite(value)) this.#fail(`must have finite numbers, got ${quote(token)}`);
    this.#at += token.length;
    return value;
  }

  /** The next character that is not white space; '' at the end. */
  #peek(): string {
    while (' \n\r\t'.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++;
    return this.#text.charAt(this.#at);
  }

  #take(character: string): boolean {
    const there = this.#peek() === character;
    if (there) this.#at++;
    return there;
  }

  #expect(character: string): void {
    if (!this.#take(character)) this.#fail(`must have ${quote(character)} here, got ${quote(this.#peek())}`);
  }

  #fail(rule: string): never {
    throw formatError(`${this.#what} ${rule} (character ${this.#at})`);
  }
}
