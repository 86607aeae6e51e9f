/** What stands in `answers.json` beside the files of a version. */
export interface OldAnswers {
  readonly inputs: unknown;
  /** Labels, texts or numbers, as `predict` gave them then. */
  readonly predictions: unknown;
}
