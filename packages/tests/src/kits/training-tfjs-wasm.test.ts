import { trainingSuite } from './training-suite.fixture.ts';

// Without float64 and without JS kernels.
await trainingSuite('tfjs-wasm');
