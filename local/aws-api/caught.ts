import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What was sent to the outside, kept in the data folder: one line of JSON each, to be read with any tool. */
export class Caught {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  keep(kind: 'mail' | 'events', what: object): void {
    appendFileSync(join(this.#folder, `${kind}.jsonl`), `${JSON.stringify(what)}\n`);
  }
}
