/** An event of a run as JSON, which has no NaN and no infinity: they are texts, `"NaN"`. */
import type { Json, ProgressEvent } from '@dendrite/spec';

export const unitNames: readonly ProgressEvent['unit'][] = ['batch', 'epoch', 'tree'];

export function eventJson({ unit, done, of, seconds, examples, metrics, notice }: ProgressEvent): Json {
  return {
    unit,
    ...{ done, of, seconds, examples },
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, numberJson(value)])),
    ...(notice !== undefined && { notice }),
  };
}

/** Undefined for what is no event. */
export function eventFrom(json: unknown): ProgressEvent | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const { unit, metrics, notice, ...numbers } = json as Readonly<Record<string, unknown>>;
  const known = unitNames.find((name) => name === unit);
  const [done, of, seconds, examples] = ['done', 'of', 'seconds', 'examples'].map((name) => numberFrom(numbers[name]));
  if (known === undefined || typeof metrics !== 'object' || metrics === null) return undefined;
  if (done === undefined || of === undefined || seconds === undefined || examples === undefined) return undefined;
  const values = Object.entries(metrics).map(([name, value]: [string, unknown]) => [name, numberFrom(value)] as const);
  if (values.some(([, value]) => value === undefined)) return undefined;
  return {
    unit: known,
    ...{ done, of, seconds, examples },
    metrics: Object.fromEntries(values) as Readonly<Record<string, number>>,
    ...(typeof notice === 'string' && { notice }),
  };
}

export const numberJson = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
export function numberFrom(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined;
}
