// The order of test files: what takes longest begins first, so that no core waits for it at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take over half a minute. The rest goes by vitest's own order: known durations, then sizes of files. */
const slowest: readonly string[] = [
  'packages/tests/src/kits/ops-tfjs-webgpu.test.ts', // a GPU in software
  'packages/tests/src/reference/reference.test.ts',
  'examples/pronounce/pronounce.test.ts',
  'packages/tests/src/lenet/lenet.test.ts',
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = slowest.findIndex((each) => moduleId.endsWith(`/${each}`));
      return found < 0 ? slowest.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
