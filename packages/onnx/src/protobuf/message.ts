/**
 * A protobuf message as it is put together: pieces in order, joined once at the end, so that large arrays inside of
 * messages inside of messages are copied once. Only what ONNX needs; it writes and does not read.
 * @source  protobuf.dev/programming-guides/encoding
 */

/** How the bytes of a field are to be read. */
const wire = { varint: 0, bytes: 2, fixed32: 5 } as const;
type Piece = Uint8Array;

export class Message {
  readonly #pieces: Piece[] = [];
  #length = 0;

  /** How many bytes it has. */
  get length(): number {
    return this.#length;
  }

  /** A whole number of up to 64 bits, signed. */
  whole(field: number, value: number | bigint): this {
    return this.#tag(field, wire.varint).#add(varint(value));
  }

  float(field: number, value: number): this {
    return this.#tag(field, wire.fixed32).#add(littleEndian(Float32Array.of(value)));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Kept until the message is joined, not copied: do not write into it before. */
  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, wire.bytes).#add(varint(value.length)).#add(value);
  }

  message(field: number, inner: Message): this {
    this.#tag(field, wire.bytes).#add(varint(inner.length));
    for (const piece of inner.#pieces) this.#add(piece);
    return this;
  }

  /** Packed; nothing at all where there are none. */
  wholes(field: number, values: ArrayLike<number | bigint>): this {
    if (values.length === 0) return this;
    const packed = new Uint8Array(values.length * mostVarintBytes);
    let end = 0;
    for (let i = 0; i < values.length; i++) end = writeVarint(packed, end, values[i] as number | bigint);
    return this.bytes(field, packed.subarray(0, end));
  }

  /** Packed; nothing at all where there are none. */
  floats(field: number, values: ArrayLike<number>): this {
    return values.length === 0 ? this : this.bytes(field, littleEndian(Float32Array.from(values)));
  }

  join(): Uint8Array<ArrayBuffer> {
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }

  #tag(field: number, type: number): this {
    return this.#add(varint(field * 8 + type));
  }
  #add(piece: Piece): this {
    this.#pieces.push(piece);
    this.#length += piece.length;
    return this;
  }
}

const mostVarintBytes = 10;

function varint(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(mostVarintBytes);
  return bytes.subarray(0, writeVarint(bytes, 0, value));
}

/** Seven bits a byte, the lowest first; a negative number as its two's complement of 64 bits. Gives where it ends. */
function writeVarint(bytes: Uint8Array, at: number, value: number | bigint): number {
  let end = at;
  if (typeof value === 'number' && value >= 0) {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[end++] = (rest % 128) | 128;
    bytes[end++] = rest;
    return end;
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes[end++] = Number(rest & 127n) | 128;
  bytes[end++] = Number(rest);
  return end;
}

/** The bytes of numbers; every engine of today runs on machines that have the lowest byte first. */
export function littleEndian(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
