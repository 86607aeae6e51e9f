import type { Result } from '../harness/result.ts';
export async function lenetStep(_options: { readonly backend: string }): Promise<Result> {
  throw new Error('soon');
}
