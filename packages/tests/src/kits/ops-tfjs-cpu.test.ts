import { float32Failures } from './expected-failures.ts';
import { opSuite } from './op-suite.fixture.ts';

await opSuite('tfjs-cpu', { expectedFailures: float32Failures });
