/** Options of this package's layers and models; and what users of other libraries call them. */
import { checkOptions as check, type Rule } from '@dendrite/nn/options';

export {
  anything,
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
} from '@dendrite/nn/options';

const elsewhere: Readonly<Record<string, string>> = {
  returnSequences: "Write output: 'sequence' or output: 'last'.",
  return_sequences: "Write output: 'sequence' or output: 'last'.",
  num_layers: 'It is called layers here.',
  numLayers: 'It is called layers here.',
  stateful: 'Write carry: the number of sequences in a batch.',
  goBackwards: 'It is called reverse here.',
  hiddenSize: 'It is the first argument here.',
};

/** @throws OPTION  for an option that does not exist, or one outside its range */
export const checkOptions = (owner: string, options: object, rules: Readonly<Record<string, Rule>>): void =>
  check(owner, options, rules, elsewhere);
