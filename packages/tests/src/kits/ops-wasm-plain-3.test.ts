import { opSuite } from './op-suite.fixture.ts';

await opSuite('wasm-plain-3');
