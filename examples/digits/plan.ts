/** How much is trained on which backend: a table, fixed beforehand, so that a run never depends on the clock. */

/** What `--backend` may name. */
export const backendNames = ['cpu', 'wasm', 'tfjs-wasm', 'tfjs-webgpu'] as const;
export type BackendName = (typeof backendNames)[number];

export interface Plan {
  /** Training images, or all of them where there are fewer. */
  readonly images: number;
  readonly epochs: number;
}

const plans: Readonly<Record<BackendName | 'software', Plan>> = {
  cpu: { images: 10_000, epochs: 1 },
  wasm: { images: 60_000, epochs: 3 },
  'tfjs-wasm': { images: 60_000, epochs: 1 },
  'tfjs-webgpu': { images: 60_000, epochs: 1 },
  /** WebGPU on a software adapter proves correctness; its speed says nothing. */
  software: { images: 2_000, epochs: 1 },
};

/** The row of a backend that is open. */
export function planFor(device: { readonly name: string; readonly software: boolean }): Plan {
  const name = backendNames.find((each) => each === device.name) ?? 'cpu';
  return plans[device.software ? 'software' : name];
}
