/** @dendrite/nn/options: how layers and models check their options, for packages that define some. */
export {
  activationRule,
  anything,
  checkOptions,
  checkValue,
  count,
  depth,
  flag,
  fraction,
  initializerRule,
  number,
  oneOf,
  positive,
  type Rule,
  share,
} from './option/check-options.ts';
