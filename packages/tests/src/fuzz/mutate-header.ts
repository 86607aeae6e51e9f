/** Damage to a safetensors file that still reads as one: its JSON is changed value by value, and its length made to fit again. */
import type { Json } from '@dendrite/spec';
import type { Dice } from './dice.ts';
import { mutateNumbers } from './mutate-bytes.ts';

type Node = { [name: string]: Json } | Json[];

const deep = (levels: number): Json => {
  let value: Json = 0;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
};
const absurd: readonly Json[] = [
  null,
  true,
  false,
  '',
  'constructor',
  '__proto__',
  'toString',
  'x'.repeat(3000),
  0,
  -1,
  1,
  2,
  0.5,
  1e9,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e308,
  -1e308,
  [],
  {},
  [1e9, 1e9],
  [-1],
  [[]],
  deep(20),
  deep(250),
];

/** The file with one to four values of its header changed, moved, doubled or left out; sometimes numbers of its data too. */
export function mutateHeader(file: Uint8Array, dice: Dice): Uint8Array {
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as { [name: string]: Json };
  // Most often one change alone, so that it is reached.
  for (let changes = dice.once(3) ? 1 + dice.below(4) : 1; changes > 0; changes--) {
    if (dice.once(6)) changeWithin(header, dice);
    else changeMetadata(header, dice);
  }
  const text = new TextEncoder().encode(dice.once(8) ? mangled(JSON.stringify(header), dice) : JSON.stringify(header));
  const made = new Uint8Array(8 + text.length + file.length - 8 - length);
  new DataView(made.buffer).setBigUint64(0, BigInt(text.length), true);
  made.set(text, 8);
  made.set(file.subarray(8 + length), 8 + text.length);
  return dice.once(8) ? mutateNumbers(made, dice, 8 + text.length) : made;
}

/** The header of the model stands as JSON in a text of the metadata. */
function changeMetadata(header: { [name: string]: Json }, dice: Dice): void {
  const metadata = header.__metadata__;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return;
  const texts = metadata as { [name: string]: Json };
  const name = dice.once(6) ? dice.pick(Object.keys(texts)) : 'header';
  const text = texts[name];
  if (typeof text !== 'string' || !text.startsWith('{')) {
    if (dice.once(4)) texts[name ?? 'format'] = dice.pick(absurd);
    return;
  }
  try {
    const inner = JSON.parse(text) as { [name: string]: Json };
    changeWithin(inner, dice);
    texts[name] = dice.once(10) ? mangled(JSON.stringify(inner), dice) : JSON.stringify(inner);
  } catch {
    texts[name] = text.slice(0, dice.below(text.length)); // mangled before
  }
}

function changeWithin(root: Node, dice: Dice): void {
  let node: Node = root;
  for (;;) {
    const names = Object.keys(node);
    if (names.length === 0) return;
    const name = dice.pick(names);
    const fields = node as { [name: string]: Json };
    const child = fields[name];
    if (typeof child === 'object' && child !== null && !dice.once(8)) {
      node = child as Node;
      continue;
    }
    const other = dice.pick(names);
    switch (dice.below(6)) {
      case 0:
        if (Array.isArray(node)) node.splice(Number(name), 1);
        else delete fields[name];
        return;
      case 1:
        fields[name] = fields[other] ?? null;
        return;
      case 2:
        if (Array.isArray(node)) node.push(child ?? null);
        else fields[`${name}x`] = child ?? null;
        return;
      case 3:
        fields[name] = typeof child === 'number' ? child + dice.pick([1, -1, 7, 64, 1000]) : dice.pick(absurd);
        return;
      default:
        fields[name] = dice.pick(absurd);
        return;
    }
  }
}

/** What JSON.stringify would never write: a name twice, names that reach a prototype, numbers that are none, text that is cut off. */
function mangled(json: string, dice: Dice): string {
  const at = json.indexOf('{', dice.below(json.length));
  const after = (inserted: string): string =>
    at < 0 ? json : `${json.slice(0, at + 1)}${inserted}${json.slice(at + 1)}`;
  switch (dice.below(6)) {
    case 0:
      return json.replace(/"[\w.-]+":(?:\d+|"[^"]*"|true|false|null)/, (entry) => `${entry},${entry}`);
    case 1:
      return after('"__proto__":{"polluted":true},');
    case 2:
      return after('"constructor":{"prototype":{"polluted":true}},');
    case 3:
      return json.replace(/:\d+/, dice.pick([':NaN', ':-0', ':1e999', ':01', ':0x10', ':Infinity']));
    case 4:
      return json.slice(0, dice.below(json.length));
    default:
      return after(`"deep":${'['.repeat(400)}${']'.repeat(400)},`);
  }
}
