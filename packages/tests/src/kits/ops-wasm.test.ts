import { float32Failures } from './expected-failures.ts';
import { opSuite } from './op-suite.fixture.ts';

await opSuite('wasm', { alike: ['wasm-2', 'wasm-3'], expectedFailures: float32Failures });
