/** A function's body as bytes. Labels become depths, callees become numbers. */
import type { BuiltBody } from '../function-builder/function-builder.ts';
import type { Body, Label, Statement } from '../function-builder/statement.ts';
import { typeCodes, type ValueType } from '../instructions/signatures.ts';
import type { CallNode, LocalNode, Node } from '../value/node.ts';
import { ByteWriter } from './byte-writer.ts';

const noResult = 0x40;

/** The module around a function. */
export interface Surroundings {
  /** The number of the function that a call calls. */
  numberOf(call: CallNode): number;
  readonly memory: boolean;
}

/** The bytes of a function, and what surrounds it. */
class BodyWriter extends ByteWriter {
  readonly module: Surroundings;
  readonly where: string;

  constructor(module: Surroundings, where: string) {
    super();
    this.module = module;
    this.where = where;
  }
}

export function encodeBody({ body, locals }: BuiltBody, module: Surroundings, where: string): Uint8Array<ArrayBuffer> {
  const out = new BodyWriter(module, where);
  const runs: [ValueType, number][] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.[0] === type) last[1]++;
    else runs.push([type, 1]);
  }
  out.unsigned(runs.length);
  for (const [type, count] of runs) {
    out.unsigned(count);
    out.byte(typeCodes[type]);
  }
  const labels: Label[] = [];
  const depth = (label: Label): number => {
    const at = labels.lastIndexOf(label);
    if (at < 0) throw new TypeError(`${where}: a branch must go to a label that encloses it, got one that does not.`);
    return labels.length - 1 - at;
  };
  const all = (inner: Body): void => {
    inner.open = true;
    const { statements } = inner;
    for (let i = 0; i < statements.length; i++) statement(statements[i] as Statement);
    inner.open = false;
  };
  const inside = (label: Label, inner: Body): void => {
    labels.push(label);
    all(inner);
    labels.pop();
  };
  function statement(s: Statement): void {
    switch (s.kind) {
      case 'set':
        encodeNode(s.value, out);
        if (!s.local.owner.open) throw outside(s.local, where);
        out.byte(0x21);
        out.unsigned(s.local.index);
        return;
      case 'do':
        encodeNode(s.node, out);
        return;
      case 'drop':
        encodeNode(s.node, out);
        out.byte(0x1a);
        return;
      case 'body':
        if (s.label === undefined) {
          all(s.body);
          return;
        }
        out.byte(s.label.kind === 'loop' ? 0x03 : 0x02);
        out.byte(noResult);
        inside(s.label, s.body);
        out.byte(0x0b);
        return;
      case 'if':
        encodeNode(s.condition, out);
        out.byte(0x04);
        out.byte(noResult);
        inside(s.label, s.yes);
        if (s.no && s.no.statements.length > 0) {
          out.byte(0x05);
          inside(s.label, s.no);
        }
        out.byte(0x0b);
        return;
      case 'br':
        if (s.condition) encodeNode(s.condition, out);
        out.byte(s.condition ? 0x0d : 0x0c);
        out.unsigned(depth(s.label));
        return;
      case 'br_table':
        encodeNode(s.index, out);
        out.byte(0x0e);
        out.unsigned(s.labels.length);
        for (const label of s.labels) out.unsigned(depth(label));
        out.unsigned(depth(s.other));
        return;
      case 'return':
        if (s.value) encodeNode(s.value, out);
        out.byte(0x0f);
        return;
      case 'unreachable':
        out.byte(0x00);
        return;
    }
  }
  all(body);
  // Behind a final return nothing is reached, but the type of the end still has to be right: `return` makes it so.
  out.byte(0x0b);
  return out.bytes();
}

/** A register of a body that has ended is used again by the next: what is in it is another's. */
const outside = ({ index }: LocalNode, where: string): TypeError =>
  new TypeError(
    `${where}: register ${index} must be used in the body that made it, got a use outside. Make it before.`,
  );

function encodeNode(node: Node, out: BodyWriter): void {
  switch (node.kind) {
    case 'local':
      if (!node.owner.open) throw outside(node, out.where);
      out.byte(0x20);
      out.unsigned(node.index);
      return;
    case 'constant':
      encodeConstant(node.type, node.value, out);
      return;
    case 'select':
      encodeAll(node.operands, out);
      if (node.type === 'v128') out.append([0x1c, 1, typeCodes.v128]);
      else out.byte(0x1b);
      return;
    case 'call':
      encodeAll(node.operands, out);
      out.byte(0x10);
      out.unsigned(out.module.numberOf(node));
      return;
    case 'instruction': {
      encodeAll(node.operands, out);
      const { name, code, shape, alignment } = node.instruction;
      if (!out.module.memory && (shape.immediates.includes('m') || name.startsWith('memory.')))
        throw new TypeError(
          `${out.where} ${name}: the module must have a memory, got none. Call memory() or importMemory().`,
        );
      out.byte(code < 0x10000 ? code : code >>> 16);
      if (code >= 0x10000) out.unsigned(code & 0xffff);
      if (node.immediates.length > 0) encodeImmediates(shape.immediates, alignment, node.immediates, out);
      for (let i = 0; i < shape.zeros; i++) out.byte(0);
    }
  }
}

/** By index: a cold program pays for an iterator and for each of its steps. */
function encodeAll(nodes: readonly Node[], out: BodyWriter): void {
  for (let i = 0; i < nodes.length; i++) encodeNode(nodes[i] as Node, out);
}

/** A caller names a lane before the offset; the bytes have it behind. */
function encodeImmediates(
  letters: string,
  alignment: number,
  given: readonly (number | readonly number[])[],
  out: ByteWriter,
): void {
  const at = letters.indexOf('m');
  if (at >= 0) {
    out.unsigned(alignment);
    out.unsigned(given[at] as number);
  }
  const first = given[0];
  if (letters[0] === 'n') out.byte(first as number);
  else if (letters[0] === 's') out.append(first as readonly number[]);
}

function encodeConstant(type: ValueType, value: number | bigint | readonly number[], out: ByteWriter): void {
  if (typeof value === 'object') {
    out.byte(0xfd);
    out.unsigned(0x0c);
    out.append(value);
    return;
  }
  if (type === 'i32' || type === 'i64') {
    out.byte(type === 'i32' ? 0x41 : 0x42);
    out.signed(value);
    return;
  }
  out.byte(type === 'f32' ? 0x43 : 0x44);
  if (type === 'f32') out.f32(Number(value));
  else out.f64(Number(value));
}
