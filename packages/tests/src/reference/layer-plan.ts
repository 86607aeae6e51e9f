/** What is known of a case of layers.json before it runs: a layer of ours, and where its parameters stand in the file. */
import { layer as makeLayer } from '@dendrite/core';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import type { Place } from './layers.ts';
import { type Fields, isFields } from './reference-case.ts';

export type AnyLayer = Pick<Layer<Tree, Tree>, 'apply'>;
export interface LayerPlan {
  readonly layer: AnyLayer;
  readonly params: Readonly<Record<string, Place>>;
  readonly state: Readonly<Record<string, Place>>;
  readonly training: boolean;
  /** Channels come second in the file. */
  readonly imageIn: boolean;
  readonly imageOut: boolean;
  /** Its input is whole numbers, which have no gradient. */
  readonly codes?: boolean;
}

/** No parameters, channels second in the file. */
export const nothing: Omit<LayerPlan, 'layer'> = {
  params: {},
  state: {},
  training: false,
  imageIn: true,
  imageOut: true,
};
export const stateOf = (fields: Fields): Fields => (isFields(fields.state) ? fields.state : {});
export const hasBias = (fields: Fields): boolean => stateOf(fields).bias !== undefined;
/** A layer without parameters. */
export const of = (apply: (x: Tensor) => Tensor): AnyLayer =>
  makeLayer({
    name: 'tests/function',
    config: null,
    init: (_key, input) => ({ params: {}, output: input }),
    apply: (_, x) => apply(x),
  });
