/** All case tables through the op kit, for one backend. */
import { type ExpectedFailures, type KitCase, type OpPart, opConformance } from '@dendrite/conformance';
import { checkGradients, cpu, createRuntime } from '@dendrite/core';
import type { OpCases } from '@dendrite/spec';
import { type BackendName, openRuntime } from '../reference/machine.ts';
import { collectCases } from './collect-cases.ts';

export interface OpSuite {
  readonly expectedFailures?: ExpectedFailures;
  readonly parts?: readonly OpPart[];
  /** Backends that must give the same bits. */
  readonly alike?: readonly BackendName[];
}

export interface OpKitOfBackend {
  readonly tables: Readonly<Record<string, readonly OpCases[]>>;
  readonly cases: readonly KitCase[];
}

export async function opKit(name: BackendName, { alike: names, ...suite }: OpSuite = {}): Promise<OpKitOfBackend> {
  const tables = await collectCases();
  const runtime = await openRuntime(name);
  const reference = name === 'cpu' ? runtime : await createRuntime({ backends: [cpu()] });
  const alike = names && { alike: await Promise.all(names.map(openRuntime)) };
  const all = Object.values(tables).flat();
  return { tables, cases: opConformance({ runtime, reference, checkGradients, ...alike, ...suite }, all) };
}
