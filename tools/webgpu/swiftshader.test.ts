import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { webgpuEnvironment } from './swiftshader.ts';

const fits = process.platform === 'linux' && process.arch === 'x64';

test('a driver that was asked for is left alone', () => {
  expect(webgpuEnvironment('alone', { VK_DRIVER_FILES: '/usr/share/vulkan/icd.d/own.json' })).toEqual({});
});

test.runIf(fits)('other folders of LD_LIBRARY_PATH stay, and applying it twice changes nothing', () => {
  const once = webgpuEnvironment('alone', { LD_LIBRARY_PATH: '/opt/lib' });
  expect(once.LD_LIBRARY_PATH).toMatch(/swiftshader-[\d.]+\/alone:\/opt\/lib$/);
  expect(webgpuEnvironment('alone', once)).toEqual(once);
});

test.runIf(fits)('behind the drivers of this machine there is always an adapter', () => {
  const script = "const { create } = await import('webgpu'); console.log(await create([]).requestAdapter() !== null)";
  const env = { ...process.env, ...webgpuEnvironment('added', { LD_LIBRARY_PATH: '' }) };
  const args = ['--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, { env, encoding: 'utf8', cwd: import.meta.dirname }).trim()).toBe('true');
});
