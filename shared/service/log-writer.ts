import { boundedLine, type LogLevel, type LogLine, leftOut } from '../job/log-entry.ts';
import { bytesOf, type PlannedPage, pagesFor, parts } from './log-pages.ts';
import { LOG_SLOTS, type LogChunk, type LogStore } from './log-store.ts';
import { endOf, type LogTail, NEW_LOG, type OpenPage, readTail } from './log-tail.ts';
import { packLines } from './packed-log.ts';
import { type Alarm, type CallOff, type Clock, type OwnJob, TransitionRefused } from './ports.ts';

/** What a log writes to, and whom it asks. */
export interface LogKeeping {
  readonly logs: LogStore;
  /** How many lines a log keeps; see the settings. */
  readonly maxLogLines: () => Promise<number>;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly log: (text: string, facts: Record<string, string>) => void;
}

/** Whoever follows a log sees a line this soon. */
const WRITE_EVERY_MS = 1_000;
/** With more waiting lines an operation that logs faster than they are written has to wait at its next checkpoint. */
const MANY_BYTES = 256 * 1024;
/** With this many it does not even get to a checkpoint: then lines are counted, and left out. */
const TOO_MANY_BYTES = 16 * 1024 * 1024;
/** The fewest lines that the setting allows: shorter logs need not ask. */
const FEWEST_LINES = 1_000;
const LEFT_OUT_AT_ONCE = 10;

/**
 * The log of a job, while one claim works on it. Lines are gathered, numbered and written in packs: each second, when they
 * are many, before a checkpoint is saved and at the end. A log without lines costs nothing.
 */
export class LogWriter {
  readonly #own: OwnJob;
  readonly #keeping: LogKeeping;
  #waiting: LogLine[] = [];
  #waitingBytes = 0;
  #missed = 0;
  /** Lines that are worth a write; the others go with them. */
  #isWorthIt = false;
  #tail: LogTail | undefined;
  /** Numbered from the tail's next on. */
  #unwritten: readonly LogLine[] = [];
  #most: number | undefined;
  #writing: Promise<void> = Promise.resolve();
  #callOff: CallOff | undefined;

  constructor(own: OwnJob, keeping: LogKeeping) {
    this.#own = own;
    this.#keeping = keeping;
    if (own.claimNumber === 1) this.#tail = NEW_LOG;
  }

  add(level: LogLevel, text: string, about: Partial<Pick<LogLine, 'at' | 'item' | 'etaSeconds'>> = {}): void {
    this.#gather({ level, text, ...about, at: about.at ?? this.#keeping.clock() });
    this.#isWorthIt = true;
    this.#callOff ??= this.#keeping.alarm(WRITE_EVERY_MS, () => {
      this.#callOff = undefined;
      this.write().catch(() => undefined); // the next checkpoint says that somebody else has the job
    });
  }

  /** What everybody would expect to happen: it is written with other lines, but costs no write of its own. */
  mention(level: LogLevel, text: string, at = this.#keeping.clock()): void {
    this.#gather({ at, level, text });
  }

  /** Waits until there is room for more lines. */
  async keepUp(): Promise<void> {
    if (this.#waitingBytes >= MANY_BYTES) await this.write();
  }

  /**
   * Everything said so far is kept, or will be tried again: no job fails because its log can't be written. Throws
   * `TransitionRefused` when somebody else has claimed the job.
   */
  async write(): Promise<void> {
    if (!this.#isWorthIt) return;
    const after = this.#writing.catch(() => undefined);
    this.#writing = after.then(() => this.#writeAll());
    try {
      await this.#writing;
    } catch (error) {
      if (error instanceof TransitionRefused) throw error;
      const facts = { jobId: this.#own.jobId, error: String(error) };
      this.#keeping.log('lines of a log were not written yet', facts);
    }
  }

  /** The last write. Whoever was replaced learns it from the row too, where it records the end. */
  async close(): Promise<void> {
    await this.write().catch(() => undefined);
    this.#callOff?.();
  }

  #gather(said: LogLine): void {
    if (this.#waitingBytes >= TOO_MANY_BYTES) {
      this.#missed++;
      return;
    }
    const line = boundedLine(said);
    this.#waiting.push(line);
    this.#waitingBytes += bytesOf(line);
  }

  async #writeAll(): Promise<void> {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#tail ??= await readTail(this.#own, this.#keeping.logs);
    // What an earlier try has left keeps its numbers.
    if (this.#unwritten.length > 0) await this.#writeOn(this.#tail);
    this.#unwritten = this.#taken();
    if (this.#unwritten.length > 0) await this.#writeOn(this.#tail);
  }

  async #writeOn(tail: LogTail): Promise<void> {
    if (tail.next + this.#unwritten.length > FEWEST_LINES) this.#most ??= await this.#keeping.maxLogLines();
    const plan = pagesFor(this.#unwritten, tail);
    if (plan === undefined) await this.#seal(tail);
    else for (const page of plan) await this.#putPage(page);
  }

  #taken(): LogLine[] {
    const lines = this.#waiting;
    if (this.#missed > 0) {
      const text = `${this.#missed} lines are missing here: they came faster than they could be written.`;
      lines.push({ at: this.#keeping.clock(), level: 'warn', text });
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#missed = 0;
    return lines;
  }

  async #putPage({ page, packed, added }: PlannedPage): Promise<void> {
    await this.#keeping.logs.putPage(this.#own, page.slot, this.#chunkOf(page, packed));
    const { open, next } = this.#tail ?? NEW_LOG;
    this.#tail = {
      open: [...open.filter(({ slot }) => slot !== page.slot), page],
      next: next + added,
      nextSlot: (page.slot + 1) % LOG_SLOTS,
    };
    this.#unwritten = this.#unwritten.slice(added);
  }

  /** All that is on pages becomes segments, with what would have come on the next ones: the slots are free again. */
  async #seal({ open, next, nextSlot }: LogTail): Promise<void> {
    const lines = [...open.flatMap((page) => page.lines), ...this.#unwritten];
    let first = open[0]?.first ?? next;
    for (const some of parts(lines)) {
      await this.#keeping.logs.putSegment(this.#own, this.#chunkOf({ first, lines: some }, packLines(some)));
      first += some.length;
    }
    this.#tail = { open: [], next: first, nextSlot };
    this.#unwritten = [];
    await this.#dropMiddle(first - 1);
  }

  #chunkOf({ first, lines }: Pick<OpenPage, 'first' | 'lines'>, packed: Uint8Array): LogChunk {
    return { first, count: lines.length, packed, most: this.#most };
  }

  /** Segments none of whose lines are shown any more. */
  async #dropMiddle(last: number): Promise<void> {
    const middle = leftOut(last, this.#most);
    if (middle === undefined) return;
    const { logs } = this.#keeping;
    const range = { ...middle, order: 'up', limit: LEFT_OUT_AT_ONCE } as const;
    for (const segment of await logs.segments(this.#own, range)) {
      if (endOf(segment) <= middle.to) await logs.dropSegment(this.#own, segment);
    }
  }
}
