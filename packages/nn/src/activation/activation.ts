/** The `activation` option of dense and conv2d: any function of a tensor. */
import type { Json, Shape, Tensor } from '@dendrite/spec';

/** A function that keeps its input's shape: `relu`, `tanh`, your own. */
export type Activation = (x: Tensor) => Tensor;
/** For option types: also functions with literal shapes, such as core's. */
export type ActivationOption = Activation | (<S extends Shape>(x: Tensor<S>) => Tensor<S>);

/** As a layer's config holds it. */
export const activationJson = (activation: ActivationOption | undefined): Json =>
  activation === undefined ? null : activation.name;
