// What packages of ours may need of others at run time, and why. A new one is a decision: it stands here before it is used.

/** By package: name and reason. `optional` says that the package works without. */
export const listed: Readonly<Record<string, Readonly<Record<string, { optional: boolean; why: string }>>>> = {
  '@dendrite/backend-tfjs': {
    '@tensorflow/tfjs-core': { optional: true, why: 'the foreign engine that this backend is about' },
    '@tensorflow/tfjs-backend-cpu': { optional: true, why: 'one of its devices' },
    '@tensorflow/tfjs-backend-wasm': { optional: true, why: 'one of its devices' },
    '@tensorflow/tfjs-backend-webgpu': { optional: true, why: 'one of its devices' },
    webgpu: { optional: true, why: 'WebGPU in Node' },
  },
  '@dendrite/datasets': { papaparse: { optional: true, why: 'CSV, in an entry of its own' } },
  '@dendrite/random-forest': {
    'ml-random-forest': { optional: true, why: 'a foreign engine, in an entry of its own' },
  },
};
