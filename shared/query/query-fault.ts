import { InvalidInput } from '../service/errors.ts';

/** What is wrong with a query, where in its text, and what would be right. */
export class QueryFault extends Error {
  readonly at: number;
  constructor(at: number, detail: string) {
    super(`At character ${at + 1}: ${detail}`);
    this.at = at;
  }

  /** For whoever sent the query. */
  toInvalidInput(pointer: string): InvalidInput {
    return new InvalidInput([{ pointer, detail: this.message }]);
  }
}
