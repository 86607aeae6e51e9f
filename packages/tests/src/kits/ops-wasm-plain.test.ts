import { float32Failures } from './expected-failures.ts';
import { opSuite } from './op-suite.fixture.ts';

// Without relaxed SIMD tiles have another height, and products are rounded before they are added.
await opSuite('wasm-plain', { alike: ['wasm-plain-2', 'wasm-plain-3'], expectedFailures: float32Failures });
