/** What is said where nobody knows what the splits took off the impurity: in models of another library. */
import { DendriteError } from '@dendrite/spec';

export const unknownImportance = (): DendriteError =>
  new DendriteError(
    'OPTION',
    "importance(): what the splits took off the impurity must be known, got a model of another library's file, which does not say it. Shuffle columns of data that you have, and compare what evaluate() says.",
  );
