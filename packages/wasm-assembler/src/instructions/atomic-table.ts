/** Atomics of 32 and 64 bits. Waiting and notifying need a shared memory. */

/** Code, signature (see signatures.ts), log₂ of the natural alignment. Prefixed codes are `prefix · 2¹⁶ + number`. */
export const atomicTable = {
  'memory.atomic.notify': [0xfe0000, 'iim>i', 2],
  'memory.atomic.wait32': [0xfe0001, 'iilm>i', 2],
  'memory.atomic.wait64': [0xfe0002, 'illm>i', 3],
  'atomic.fence': [0xfe0003, 'z>'],
  'i32.atomic.load': [0xfe0010, 'im>i', 2],
  'i32.atomic.store': [0xfe0017, 'iim>', 2],
  'i32.atomic.rmw.add': [0xfe001e, 'iim>i', 2],
  'i32.atomic.rmw.sub': [0xfe0025, 'iim>i', 2],
  'i32.atomic.rmw.and': [0xfe002c, 'iim>i', 2],
  'i32.atomic.rmw.or': [0xfe0033, 'iim>i', 2],
  'i32.atomic.rmw.xor': [0xfe003a, 'iim>i', 2],
  'i32.atomic.rmw.xchg': [0xfe0041, 'iim>i', 2],
  'i32.atomic.rmw.cmpxchg': [0xfe0048, 'iiim>i', 2],
  'i64.atomic.load': [0xfe0011, 'im>l', 3],
  'i64.atomic.store': [0xfe0018, 'ilm>', 3],
  'i64.atomic.rmw.add': [0xfe001f, 'ilm>l', 3],
  'i64.atomic.rmw.sub': [0xfe0026, 'ilm>l', 3],
  'i64.atomic.rmw.and': [0xfe002d, 'ilm>l', 3],
  'i64.atomic.rmw.or': [0xfe0034, 'ilm>l', 3],
  'i64.atomic.rmw.xor': [0xfe003b, 'ilm>l', 3],
  'i64.atomic.rmw.xchg': [0xfe0042, 'ilm>l', 3],
  'i64.atomic.rmw.cmpxchg': [0xfe0049, 'illm>l', 3],
} as const;
