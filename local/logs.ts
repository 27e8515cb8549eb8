import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** What comes within so many milliseconds is written at once: a call a line costs more than many an invocation. */
const TOGETHER_MS = 50;

/** One file per function (and one per emulator) in the folder; on request everything is shown on the terminal, too. */
export class Logs {
  readonly folder: string;
  readonly #verbose: boolean;
  readonly #files = new Map<string, WriteStream>();

  constructor(folder: string, { verbose }: { verbose: boolean }) {
    this.folder = folder;
    this.#verbose = verbose;
  }

  write(name: string, text: string): void {
    const file = this.#file(name);
    if (file.writableCorked === 0) {
      file.cork();
      setTimeout(() => file.uncork(), TOGETHER_MS).unref();
    }
    file.write(text);
    if (this.#verbose) process.stderr.write(text.replaceAll(/^(?=.)/gm, `[${name}] `));
  }

  /** For what somebody has to repair: always shown. */
  alarm(name: string, text: string): void {
    const file = this.#file(name);
    file.write(`${text}\n`);
    // What somebody has to repair may be the last that this process says.
    file.uncork();
    process.stderr.write(`[${name}] ${text}\n`);
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))),
    );
  }

  #file(name: string): WriteStream {
    const known = this.#files.get(name);
    if (known) return known;
    const file = createWriteStream(join(this.folder, `${name}.log`), { flags: 'a' });
    this.#files.set(name, file);
    return file;
  }
}
