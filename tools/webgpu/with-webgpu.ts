// Runs a command in which WebGPU opens in Node, on a real GPU or on a software adapter behind it:
// `node tools/webgpu/with-webgpu.ts node --conditions=@dendrite/source x.ts`.
import { spawnSync } from 'node:child_process';
import { webgpuEnvironment } from './swiftshader.ts';

const [command, ...rest] = process.argv.slice(2);
if (command === undefined) throw new Error('with-webgpu: name the command to run');
const env = { ...process.env, ...webgpuEnvironment('added') };
const { status, error } = spawnSync(command, rest, { stdio: 'inherit', env });
if (error) throw error;
process.exitCode = status ?? 1;
