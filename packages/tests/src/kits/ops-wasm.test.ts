import { opSuite } from './op-suite.ts';

await opSuite('wasm');
