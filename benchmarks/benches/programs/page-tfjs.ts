// The same for TensorFlow.js, as far as it goes: its ops, gradients and WASM backend, without layers. (It cannot train this.)
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';

export const everything: object = tf;
