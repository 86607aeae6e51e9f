import type { Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { add, consume, createRuntime, keep, mul, scope, sum, tensor } from '../index.ts';

const runtime = await createRuntime();

test('frees what was made and not returned; returned tensors are found in nested objects and arrays', async () => {
  const before = runtime.live();
  let inner: Tensor | undefined;
  const result = runtime.scope(() => {
    const x = runtime.tensor([1, 2]);
    inner = add(x, 1);
    return { kept: [{ deep: mul(inner, 10) }], number: 3, nothing: null };
  });
  expect(await result.kept[0]?.deep.toArray()).toEqual([20, 30]);
  expect(inner?.alive).toBe(false);
  expect(() => sum(inner as Tensor)).toThrow(
    'sum(): tensor must be alive, got a float32 tensor of shape [2] that was freed by its scope. Return it from scope(), or keep() it.',
  );
  result.kept[0]?.deep.dispose();
  expect(runtime.live()).toEqual(before);
});

test('a survivor belongs to the enclosing scope', () => {
  const before = runtime.live();
  let escaped: Tensor | undefined;
  runtime.scope(() => {
    escaped = runtime.scope(() => runtime.tensor([1]));
    expect(escaped.alive).toBe(true);
    expect(runtime.live().tensors).toBe(before.tensors + 1);
  });
  expect(escaped?.alive).toBe(false);
  expect(runtime.live()).toEqual(before);
});

test('what was made before stays, returned or not', () => {
  const x = runtime.tensor([1]);
  expect(runtime.scope(() => x)).toBe(x);
  runtime.scope(() => null);
  expect(x.alive).toBe(true);
  x.dispose();
});

test('when it throws all is freed, and the scope outside goes on', () => {
  const before = runtime.live();
  runtime.scope(() => {
    const outside = runtime.tensor([1]);
    expect(() =>
      runtime.scope(() => {
        runtime.tensor([1, 2, 3]);
        throw new Error('inside');
      }),
    ).toThrow('inside');
    const later = runtime.tensor([2]);
    expect(outside.alive && later.alive).toBe(true);
  });
  expect(runtime.live()).toEqual(before);
});

test('a promise is refused, and what was made is freed', async () => {
  const before = runtime.live();
  const attempt = (f: () => unknown): unknown => runtime.scope(f as () => null);
  expect(() =>
    attempt(async () => {
      runtime.tensor([1]);
    }),
  ).toThrow(
    "scope(): its function must be synchronous, got a promise. Await outside; an open scope across an await would free other tasks' tensors.",
  );
  expect(() => attempt(() => Promise.reject(new Error('its own failure')))).toThrow(/must be synchronous/);
  expect(runtime.live()).toEqual(before);
});

test('keep() takes tensors out of all scopes', () => {
  const before = runtime.live();
  const kept = runtime.scope(() => {
    runtime.scope(() => runtime.keep({ x: runtime.tensor([1]) }).x);
    const pair = keep([runtime.tensor([2]), runtime.tensor([3])]);
    return { plain: 'text', first: pair[0] as Tensor };
  });
  expect(kept.first.alive).toBe(true);
  expect(runtime.live().tensors).toBe(before.tensors + 3);
});

test('disposing inside, and twice, is harmless', () => {
  const before = runtime.live();
  runtime.scope(() => {
    const x = runtime.tensor([1]);
    x.dispose();
    x.dispose();
    x[Symbol.dispose]();
    return x;
  });
  expect(runtime.live()).toEqual(before);
});

test('one scope holds tensors of several runtimes', async () => {
  const other = await createRuntime();
  const before = [runtime.live(), other.live()];
  scope(() => [runtime.tensor([1]), other.tensor([2])].length);
  expect([runtime.live(), other.live()]).toEqual(before);
});

test('on the default runtime', async () => {
  const y = scope(() => mul(tensor([2, 3]), 2));
  expect(await y.toArray()).toEqual([4, 6]);
  y.dispose();
});

test('consumed state says so', () => {
  const before = runtime.live();
  const state = { params: [runtime.tensor([1])], slots: {} };
  consume(state);
  consume(state);
  expect(runtime.live()).toEqual(before);
  expect(() => sum(state.params[0] as Tensor)).toThrow(
    'sum(): tensor must be alive, got a float32 tensor of shape [1] that was consumed. A step consumes its state: use the state it returned.',
  );
});
