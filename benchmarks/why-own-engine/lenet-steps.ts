// A LeNet-5 training step on each of tfjs's backends with its own gradients, and on ours, its routines under our gradients
// among them.
import { lenetStep } from '../benches/lenet-step.ts';
import { type Fact, outcome } from './fact.ts';

export const lenetSteps: Fact = {
  claim:
    "LeNet-5 trains on every backend of ours, tfjs's WASM routines included, and faster than with tfjs's own gradients",
  measure: async () => {
    const plain = await lenetStep({ backend: 'cpu', peers: ['cpu', 'wasm', 'webgpu'] });
    const [row] = plain.rows;
    const seen = [
      ...Object.entries(row?.peers ?? {}).map(([peer, ms]) => `${peer} itself: ${ms} ms a step`),
      ...plain.missing.map(({ peer, why }) => `${peer} itself: ${why}`),
      `ours, cpu: ${row?.ours} ms a step`,
    ];
    let all = row !== undefined && Object.values(row.ratios).every((ratio) => ratio > 1);
    for (const backend of ['tfjs-cpu', 'tfjs-wasm', 'tfjs-webgpu']) {
      const { threw, text } = await outcome(async () => {
        const { rows, details } = await lenetStep({ backend, peers: [] });
        return `${rows[0]?.ours} ms a step (${details})`;
      });
      if (threw) all = false;
      seen.push(`ours, ${backend}: ${text}`);
    }
    return { reproduced: all, seen };
  },
};
