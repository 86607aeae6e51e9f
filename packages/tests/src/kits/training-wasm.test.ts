import { trainingSuite } from './training-suite.fixture.ts';

await trainingSuite('wasm');
