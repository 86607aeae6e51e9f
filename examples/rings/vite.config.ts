// The page runs on the packages' sources, as everything in this repository does; an application needs no such file.
import { defaultClientConditions, defineConfig, type UserConfig } from 'vite';

const config: UserConfig = defineConfig({
  resolve: { conditions: ['@dendrite/source', ...defaultClientConditions] },
});
export default config;
