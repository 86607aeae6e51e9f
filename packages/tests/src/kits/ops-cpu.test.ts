import { opSuite } from './op-suite.fixture.ts';

await opSuite('cpu');
