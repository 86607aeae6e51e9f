/**
 * A kernel says that it imports `env.memory` and not whether it is shared: that is the device's choice. For a shared one the
 * import's limits are rewritten, which is all that differs.
 */

/** Pages that an import may allow at most. */
const mostPages = 65536;
const importSection = 2;
const memoryKind = 2;

/** The module's bytes with its imported memory shared. */
export function withSharedMemory(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let at = 8;
  while (at < module.length) {
    const id = module[at] as number;
    const size = readUnsigned(module, at + 1);
    const end = size.next + size.value;
    if (id === importSection) {
      const content = shareIn(module.subarray(size.next, end));
      const header = [importSection, ...unsigned(content.length)];
      const made = new Uint8Array(at + header.length + content.length + module.length - end);
      made.set(module.subarray(0, at));
      made.set(header, at);
      made.set(content, at + header.length);
      made.set(module.subarray(end), at + header.length + content.length);
      return made;
    }
    at = end;
  }
  return module;
}

/** The import section with the limits of its memory shared, and a maximum, which they then must have. */
function shareIn(section: Uint8Array): Uint8Array {
  const count = readUnsigned(section, 0);
  let at = count.next;
  for (let i = 0; i < count.value; i++) {
    for (let name = 0; name < 2; name++) {
      const length = readUnsigned(section, at);
      at = length.next + length.value;
    }
    const kind = section[at++];
    if (kind === memoryKind) {
      const flags = section[at] as number;
      const initial = readUnsigned(section, at + 1);
      const maximum = flags & 1 ? readUnsigned(section, initial.next) : { value: mostPages, next: initial.next };
      const limits = [3, ...unsigned(initial.value), ...unsigned(maximum.value)];
      return Uint8Array.from([...section.subarray(0, at), ...limits, ...section.subarray(maximum.next)]);
    }
    // A function's type.
    at = readUnsigned(section, at).next;
  }
  return section;
}

function readUnsigned(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  let at = from;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] as number;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, next: at };
  }
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(Math.floor(value / 128))];
}
