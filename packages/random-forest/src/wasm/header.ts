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
} as const;

/** Classes and a weight fill at most so many vectors of four lanes; more of them are scanned by JavaScript. */
export const mostVectors = 5;
