import { opSuite } from './op-suite.fixture.ts';

await opSuite('wasm-2');
