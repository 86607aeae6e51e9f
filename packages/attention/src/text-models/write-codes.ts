/** Reading and writing with a trained language net: the surprise of a text, and tokens drawn one after another. */
import { logSoftmax, neg, reshape, slice, sum, takeAlongAxis } from '@dendrite/core';
import { specialCodes } from '@dendrite/model';
import { type NetCore, type SampleOptions, sampleToken } from '@dendrite/nn';
import { hostKey, uniforms } from '@dendrite/random';
import type { HostKey, Tensor, Tree } from '@dendrite/spec';
import type { LanguageForm } from './language-net.ts';

export interface WriteRules {
  readonly length: number;
  readonly seed: number;
  readonly key?: HostKey;
  readonly sample: SampleOptions;
}

/** Codes drawn behind `prompt`, until `length` are there or the end comes. Special codes but the end are never drawn. */
export async function writeCodes(
  core: NetCore,
  form: LanguageForm,
  prompt: readonly number[],
  { length, seed, key = hostKey(seed).fork('generate'), sample }: WriteRules,
): Promise<number[]> {
  const { runtime } = core;
  await runtime.load();
  const draws = uniforms(key, Math.max(0, length));
  // Nothing to go on from: as a text begins.
  const seen = prompt.length > 0 ? [...prompt] : [specialCodes.begin];
  const written: number[] = [];
  for (const u of draws) {
    const window = seen.slice(-form.length);
    // One shape for all steps: what stands behind the window is not seen by what is in it.
    const row = new Int32Array(form.length);
    row.set(window);
    const next = runtime.untracked(() =>
      runtime.scope(() => {
        const logits = logitsOf(core, runtime.tensor(row, [1, form.length]));
        return reshape(slice(logits, { begin: [0, window.length - 1, 0], size: [1, 1, form.codes] }), [form.codes]);
      }),
    );
    const logits = await next.data();
    next.dispose();
    for (const code of [specialCodes.padding, specialCodes.unknown, specialCodes.begin])
      logits[code] = Number.NEGATIVE_INFINITY;
    const code = sampleToken(logits, u, sample);
    if (code === specialCodes.end) break;
    seen.push(code);
    written.push(code);
  }
  return written;
}

/** `Σ −ln p` of all codes but the first, each told from those before it in its window. */
export async function surpriseOf(core: NetCore, form: LanguageForm, codes: readonly number[]): Promise<number> {
  const { runtime } = core;
  await runtime.load();
  let total = 0;
  for (let at = 0; at < codes.length - 1; at += form.length) {
    const row = new Int32Array(form.length + 1);
    const piece = codes.slice(at, at + form.length + 1);
    row.set(piece);
    const surprise = runtime.untracked(() =>
      runtime.scope(() => {
        const logits = logitsOf(core, runtime.tensor(row.slice(0, -1), [1, form.length]));
        const next = runtime.tensor(row.slice(1), [1, form.length, 1]);
        const logs = reshape(takeAlongAxis(logSoftmax(logits), next, { axis: 2 }), [form.length]);
        return neg(sum(slice(logs, { begin: [0], size: [piece.length - 1] })));
      }),
    );
    total += await surprise.item();
    surprise.dispose();
  }
  return total;
}

const logitsOf = ({ layer, params, state, runtime }: NetCore, codes: Tensor): Tensor => {
  const [logits] = layer.apply({ params, state }, { codes }, { training: false, key: runtime.key(0) });
  return logits as Tree as Tensor;
};
