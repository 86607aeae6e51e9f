/** Relaxed SIMD: faster, and where the specification leaves a choice, another machine may give other bits. */

/** Code, signature (see signatures.ts), log₂ of the natural alignment. Prefixed codes are `prefix · 2¹⁶ + number`. */
export const relaxedTable = {
  'i8x16.relaxed_swizzle': [0xfd0100, 'vv>v'],
  'i32x4.relaxed_trunc_f32x4_s': [0xfd0101, 'v>v'],
  'i32x4.relaxed_trunc_f32x4_u': [0xfd0102, 'v>v'],
  'i32x4.relaxed_trunc_f64x2_s_zero': [0xfd0103, 'v>v'],
  'i32x4.relaxed_trunc_f64x2_u_zero': [0xfd0104, 'v>v'],
  'f32x4.relaxed_madd': [0xfd0105, 'vvv>v'],
  'f32x4.relaxed_nmadd': [0xfd0106, 'vvv>v'],
  'f64x2.relaxed_madd': [0xfd0107, 'vvv>v'],
  'f64x2.relaxed_nmadd': [0xfd0108, 'vvv>v'],
  'i8x16.relaxed_laneselect': [0xfd0109, 'vvv>v'],
  'i16x8.relaxed_laneselect': [0xfd010a, 'vvv>v'],
  'i32x4.relaxed_laneselect': [0xfd010b, 'vvv>v'],
  'i64x2.relaxed_laneselect': [0xfd010c, 'vvv>v'],
  'f32x4.relaxed_min': [0xfd010d, 'vv>v'],
  'f32x4.relaxed_max': [0xfd010e, 'vv>v'],
  'f64x2.relaxed_min': [0xfd010f, 'vv>v'],
  'f64x2.relaxed_max': [0xfd0110, 'vv>v'],
  'i16x8.relaxed_q15mulr_s': [0xfd0111, 'vv>v'],
  'i16x8.relaxed_dot_i8x16_i7x16_s': [0xfd0112, 'vv>v'],
  'i32x4.relaxed_dot_i8x16_i7x16_add_s': [0xfd0113, 'vvv>v'],
} as const;
