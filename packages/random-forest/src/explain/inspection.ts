/** Looking into a fitted forest: loaded together, when somebody first does. */
export { leavesOfAll } from './leaves.ts';
export { pathsOf } from './path.ts';
export { treeData, treeText } from './tree-data.ts';
