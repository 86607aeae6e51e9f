/** @dendrite/nn/torch: parameters of PyTorch in our layers, from a state dict in safetensors. */
export { type FittedFromTorchOptions, fittedFromTorch } from './torch/fitted-from-torch.ts';
export { type FromTorchOptions, fromTorch } from './torch/from-torch.ts';
