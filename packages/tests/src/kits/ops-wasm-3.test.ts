import { float32Failures } from './expected-failures.ts';
import { opSuite } from './op-suite.fixture.ts';

// More threads than most machines that run this have cores.
await opSuite('wasm-3', { expectedFailures: float32Failures });
