/**
 * Breiman's made-up sets, drawn from a key: normal clouds in 20 dimensions, and noisy waves of 21 points.
 * @source Breiman: Bias, variance, and arcing classifiers (1996); the waves: Classification and Regression Trees (1984), section 2.6
 */
import { integers, normals, uniforms } from '@dendrite/random';
import type { Column, HostKey, Table } from '@dendrite/spec';

/** How one of the sets is drawn: its classes are equally likely. */
export interface BreimanSet {
  readonly name: 'twonorm' | 'threenorm' | 'ringnorm' | 'waveform';
  readonly features: number;
  readonly classes: number;
  /** Feature `j` of an example, from its class, its own uniform number in [0, 1) and a standard normal number. */
  value(j: number, label: number, uniform: number, normal: number): number;
}

const a = 2 / Math.sqrt(20);
/** A triangle over the points 5 to 15; the other two waves are this one moved by four points. */
const wave = (point: number): number => Math.max(6 - Math.abs(point - 10), 0);
const waves = [wave, (point: number): number => wave(point + 4), (point: number): number => wave(point - 4)] as const;
/** The two waves that each class mixes. */
const mixes = [
  [waves[0], waves[1]],
  [waves[0], waves[2]],
  [waves[1], waves[2]],
] as const;

export const breimanSets: readonly BreimanSet[] = [
  {
    name: 'twonorm',
    features: 20,
    classes: 2,
    value: (_j, label, _uniform, normal) => normal + (label === 0 ? a : -a),
  },
  {
    name: 'threenorm',
    features: 20,
    classes: 2,
    // One class is two clouds on opposite sides, the other lies between them.
    value: (j, label, uniform, normal) => normal + ((label === 0 ? uniform < 0.5 : j % 2 === 0) ? a : -a),
  },
  {
    name: 'ringnorm',
    features: 20,
    classes: 2,
    value: (_j, label, _uniform, normal) => (label === 0 ? 2 * normal : normal + a),
  },
  {
    name: 'waveform',
    features: 21,
    classes: 3,
    value: (j, label, uniform, normal) => {
      const [first, second] = mixes[label] ?? mixes[0];
      return normal + uniform * first(j) + (1 - uniform) * second(j);
    },
  },
];

/** A table of `rows` examples with the features `x0`, `x1`, … and the column `class`. */
export function drawBreiman({ features, classes, value }: BreimanSet, rows: number, key: HostKey): Table {
  const labels = integers(key.fork('classes'), rows, classes);
  const own = uniforms(key.fork('mixtures'), rows);
  const noise = normals(key.fork('noise'), rows * features);
  const column = (name: string, at: (row: number) => number): Column => ({
    name,
    kind: 'number',
    values: Float64Array.from({ length: rows }, (_, row) => at(row)),
  });
  const columns = Array.from({ length: features }, (_, j) =>
    column(`x${j}`, (row) => value(j, labels[row] as number, own[row] as number, noise[row * features + j] as number)),
  );
  return { '~dendrite': 'table', rows, columns: [...columns, column('class', (row) => labels[row] as number)] };
}
