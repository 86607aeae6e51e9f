/** Which word of the memory's first 64 bytes says where what lies; shared by the kernels' emitter and their caller. */
export const header = {
  entries: 0,
  spare: 1,
  targets: 2,
  histogram: 3,
  marks: 4,
  totals: 5,
  left: 6,
  result: 7,
  scratch: 8,
  classes: 9,
  /** Bytes of a bin of several classes. */
  stride: 10,
} as const;
