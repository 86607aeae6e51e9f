import { float32Failures } from './expected-failures.ts';
import { opSuite } from './op-suite.fixture.ts';

await opSuite('tfjs-wasm', { expectedFailures: float32Failures });
