/** Votes counted by JavaScript: loaded where WebAssembly does not count them. */
export { classVotes } from './class-votes.ts';
export { numberVotes } from './number-votes.ts';
