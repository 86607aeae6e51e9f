import { opSuite } from './op-suite.fixture.ts';

// A software adapter takes milliseconds a dispatch: the parts that differ least from `values` are left to the other backends.
await opSuite('tfjs-webgpu', { parts: ['values', 'NaN', 'gradient'] });
