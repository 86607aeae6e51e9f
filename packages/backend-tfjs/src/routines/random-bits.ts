/**
 * Random bits are made on the host and uploaded: element i is word i mod 2 of Threefry-2x32-20(key, (⌊i/2⌋, counter)).
 * Source: Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3.
 */
const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

export function randomBits(size: number, key0: number, key1: number, counter: number): Int32Array {
  const bits = new Int32Array(size);
  const keys = [key0 | 0, key1 | 0, 0x1bd11bda ^ key0 ^ key1] as const;
  for (let i = 0; i < size; i += 2) {
    let a = ((i >>> 1) + keys[0]) | 0;
    let b = (counter + keys[1]) | 0;
    for (let round = 0; round < 20; round++) {
      a = (a + b) | 0;
      const by = rotations[round % 8] ?? 0;
      b = ((b << by) | (b >>> (32 - by))) ^ a;
      if (round % 4 === 3) {
        const group = (round + 1) / 4;
        a = (a + (keys[group % 3] ?? 0)) | 0;
        b = (b + (keys[(group + 1) % 3] ?? 0) + group) | 0;
      }
    }
    bits[i] = a;
    if (i + 1 < size) bits[i + 1] = b;
  }
  return bits;
}
