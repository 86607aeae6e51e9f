/**
 * Sorting numbers to single precision: three passes of counting, several times faster than comparing. The room is kept from one
 * column to the next, since fresh memory costs more than sorting it; and each loop is a function of its own, because the columns of
 * one table are all that it may ever run on: too few for a compiler to try twice.
 */

const bits = 11;
const buckets = 2 ** bits;

/** Gives a sorted copy, each rounded to float32, valid until the next one. No NaN. */
export function floatSorter(): (values: ArrayLike<number>) => Float32Array {
  let room = new Float32Array(0);
  let other = new Int32Array(0);
  const counts = new Uint32Array(3 * buckets);
  return (values) => {
    if (room.length < values.length) {
      room = new Float32Array(values.length);
      other = new Int32Array(values.length);
    }
    const floats = room.subarray(0, values.length);
    const words = new Int32Array(room.buffer, 0, values.length);
    const keys = other.subarray(0, values.length);
    floats.set(values);
    counts.fill(0);
    toKeys(words, keys, counts);
    for (let pass = 0; pass < 3; pass++) addUp(counts, pass * buckets);
    deal(keys, words, counts, 0);
    deal(words, keys, counts, 1);
    deal(keys, words, counts, 2);
    toFloats(words);
    return floats;
  };
}

/** Keys are words in the order of the floats: negative numbers turn round, positive ones go above them. Counts their digits. */
function toKeys(words: Int32Array, keys: Int32Array, counts: Uint32Array): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    const key = word ^ ((word >> 31) | 0x80000000);
    const low = key & (buckets - 1);
    const middle = buckets + ((key >>> bits) & (buckets - 1));
    const high = 2 * buckets + (key >>> (2 * bits));
    keys[i] = key;
    counts[low] = (counts[low] as number) + 1;
    counts[middle] = (counts[middle] as number) + 1;
    counts[high] = (counts[high] as number) + 1;
  }
}

/** Turns counts into where each digit begins. */
function addUp(counts: Uint32Array, first: number): void {
  let sum = 0;
  for (let at = first; at < first + buckets; at++) {
    const count = counts[at] as number;
    counts[at] = sum;
    sum += count;
  }
}

function deal(from: Int32Array, to: Int32Array, places: Uint32Array, pass: number): void {
  for (let i = 0; i < from.length; i++) {
    const key = from[i] as number;
    const at = pass * buckets + ((key >>> (pass * bits)) & (buckets - 1));
    const place = places[at] as number;
    places[at] = place + 1;
    to[place] = key;
  }
}

function toFloats(words: Int32Array): void {
  for (let i = 0; i < words.length; i++) {
    const key = words[i] as number;
    words[i] = key ^ (~(key >> 31) | 0x80000000);
  }
}
