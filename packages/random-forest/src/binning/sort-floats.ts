/** Sorting numbers to single precision: three passes of counting, several times faster than comparing. */

const bits = 11;
const buckets = 2 ** bits;

/** A sorted copy, each rounded to float32. No NaN. */
export function sortedFloats(values: ArrayLike<number>): Float32Array {
  const n = values.length;
  const floats = Float32Array.from(values);
  const words = new Uint32Array(floats.buffer);
  const counts = new Uint32Array(3 * buckets);
  for (let i = 0; i < n; i++) {
    const word = words[i] as number;
    // Negative numbers turn round, positive ones go above them: then words sort as numbers do.
    const key = word >>> 31 === 1 ? ~word >>> 0 : (word | 0x80000000) >>> 0;
    words[i] = key;
    for (let pass = 0; pass < 3; pass++) {
      const at = pass * buckets + ((key >>> (pass * bits)) & (buckets - 1));
      counts[at] = (counts[at] as number) + 1;
    }
  }
  let from = words;
  let to = new Uint32Array(n);
  for (let pass = 0; pass < 3; pass++) {
    let sum = 0;
    for (let at = pass * buckets; at < (pass + 1) * buckets; at++) {
      const count = counts[at] as number;
      counts[at] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const key = from[i] as number;
      const at = pass * buckets + ((key >>> (pass * bits)) & (buckets - 1));
      const place = counts[at] as number;
      counts[at] = place + 1;
      to[place] = key;
    }
    [from, to] = [to, from];
  }
  for (let i = 0; i < n; i++) {
    const key = from[i] as number;
    from[i] = key >>> 31 === 1 ? key & 0x7fffffff : ~key >>> 0;
  }
  return new Float32Array(from.buffer, 0, n);
}
