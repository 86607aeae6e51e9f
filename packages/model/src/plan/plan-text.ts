/** A training plan as a table for people. */
import type { TrainingPlan } from '@dendrite/spec';

export function planText({
  model,
  where,
  rows,
  unit,
  units,
  parameters,
  bytes,
  flops,
  dispatches,
  seconds,
  trial,
  obstacles,
}: Omit<TrainingPlan, 'toString'>): string {
  const parts = Object.entries(bytes.parts).map(([name, size]) => `${name} ${inBytes(size)}`);
  const each = [
    ...(flops === undefined ? [] : [`${scaled(flops, 1000, ['', 'k', 'M', 'G', 'T'])}flop`]),
    ...(dispatches === undefined ? [] : [`${count(dispatches)} dispatches`]),
    ...(trial === undefined ? [] : [inSeconds(trial.secondsPerUnit)]),
  ];
  const lines: (readonly [string, string])[] = [
    ['rows', count(rows)],
    [`${unit}s`, count(units)],
    ...(parameters === undefined ? [] : [['parameters', count(parameters)] as const]),
    ['memory at most', `${inBytes(bytes.peak)}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`],
    ...(each.length > 0 ? [[`a ${unit}`, each.join(', ')] as const] : []),
    ['training', seconds === undefined ? 'not tried' : `${inSeconds(seconds)} (${trial?.units} ${unit}s tried)`],
    ['fits', obstacles.length === 0 ? 'yes' : 'no'],
  ];
  return [
    `${model} on ${where}`,
    ...lines.map(([name, value]) => `  ${name.padEnd(15)} ${value}`),
    ...obstacles.map(({ advice }) => `  ${advice}`),
  ].join('\n');
}

/** Thousands apart, the same in every language. */
const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
const scaled = (value: number, base: number, prefixes: readonly string[]): string => {
  let power = 0;
  while (Math.abs(value) / base ** power >= base && power < prefixes.length - 1) power++;
  const shown = value / base ** power;
  return `${power === 0 ? count(shown) : shown.toPrecision(3)} ${prefixes[power]}`;
};
export const inBytes = (bytes: number): string => scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
function inSeconds(seconds: number): string {
  if (seconds < 1)
    return seconds < 1e-3 ? `${(seconds * 1e6).toPrecision(3)} µs` : `${(seconds * 1e3).toPrecision(3)} ms`;
  if (seconds < 120) return `${seconds.toPrecision(3)} s`;
  return seconds < 7200 ? `${(seconds / 60).toPrecision(3)} min` : `${(seconds / 3600).toPrecision(3)} h`;
}
