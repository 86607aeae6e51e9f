// scikit-learn in a Python process of its own.
import { openPythonPeer, type PythonPeer } from './python-peer.ts';

export type ScikitLearn = PythonPeer;

/** The peer, or why there is none. */
export const openScikitLearn = (): Promise<ScikitLearn | { readonly missing: string }> =>
  openPythonPeer('scikit_learn.py');
