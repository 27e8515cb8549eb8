import type { Clock } from '../clock.ts';
import { isThrottled } from '../lambda/instances.ts';
import type { InvocationResult } from '../lambda/messages.ts';
import type { StreamRecord } from './stream-client.ts';
import { toStreamEvent, type Window } from './stream-event.ts';
import { type StreamOutcome, streamOutcome } from './stream-outcome.ts';

export interface ConsumerSettings {
  readonly streamArn: string;
  readonly isPartial: boolean;
  readonly bisects: boolean;
  /** -1: until the records leave the stream. */
  readonly retryAttempts: number;
  readonly maximumAgeSeconds: number;
  /** 0: no windows. */
  readonly windowSeconds: number;
}

/** How far a shard has come; kept in the data folder. */
export interface ShardPosition {
  readonly after?: string | undefined;
  readonly window?: Window | undefined;
  /** No window begins before this: none is ever closed twice. */
  readonly windowsClosedUntilMs?: number | undefined;
  readonly isFinished?: boolean | undefined;
}

export interface ConsumerSurroundings {
  readonly clock: Clock;
  invoke(event: string): Promise<InvocationResult>;
  save(position: ShardPosition): void;
  /** Records that Lambda gives up; they are lost, unless there is a destination for them. */
  discard(records: readonly StreamRecord[], reason: string): void;
  /** Answers early, with false, when the service stops. */
  pause(ms: number): Promise<boolean>;
  /** A function that is killed because the service stops has not failed. */
  isStopping(): boolean;
}

interface Part {
  readonly records: readonly StreamRecord[];
  readonly retries: number;
}

const firstRetryMs = 200;
const longestRetryMs = 10_000;

const stamp = ({ dynamodb }: StreamRecord) => dynamodb.ApproximateCreationDateTime * 1000;

/** Hands the records of one shard to a function, in order, with the retries, bisections and windows of a mapping. */
export class ShardConsumer {
  readonly #shardId: string;
  readonly #settings: ConsumerSettings;
  readonly #around: ConsumerSurroundings;
  #position: ShardPosition;

  constructor(
    shardId: string,
    position: ShardPosition,
    settings: ConsumerSettings,
    around: ConsumerSurroundings,
  ) {
    this.#shardId = shardId;
    this.#position = position;
    this.#settings = settings;
    this.#around = around;
  }

  get position(): ShardPosition {
    return this.#position;
  }

  get isDueToClose(): boolean {
    const end = this.#windowEnd();
    return end !== undefined && this.#around.clock.now() >= end + lateMs;
  }

  /** How many of these records can be in one batch: windows are never mixed. */
  sameWindow(records: readonly StreamRecord[]): number {
    const [first] = records;
    if (!first || this.#settings.windowSeconds === 0) return records.length;
    const other = records.findIndex((record) => this.#windowStart(record) !== this.#windowStart(first));
    return other < 0 ? records.length : other;
  }

  /** Resolves when all of them are done or given up; false when the service stops before. */
  async take(records: readonly StreamRecord[]): Promise<boolean> {
    if (!(await this.#openWindowFor(records))) return false;
    const parts: Part[] = [{ records, retries: 0 }];
    for (let part = parts.shift(); part; part = parts.shift()) {
      const fresh = this.#withoutOld(part);
      if (fresh.records.length === 0) continue;
      const outcome = await this.#invoke(fresh);
      if (outcome === 'stopped') return false;
      parts.unshift(...this.#after(fresh, outcome));
      if (outcome.kind !== 'done' && parts.length > 0 && !(await this.#backOff(parts[0]?.retries ?? 0)))
        return false;
    }
    return true;
  }

  /** The last invocation of the open window: no records, only its state. */
  async closeWindow(): Promise<boolean> {
    for (let retries = 0; this.#position.window; retries++) {
      const result = await this.#call([], true);
      if (result === 'stopped') return false;
      const isGivenUp = this.#isTooOften(retries + 1);
      if (!result.ok && isGivenUp)
        this.#around.discard([], `a window ended in vain: ${result.error.errorMessage}`);
      if (result.ok || isGivenUp) this.#save({ window: undefined, windowsClosedUntilMs: this.#windowEnd() });
      else if (!(await this.#backOff(retries + 1))) return false;
    }
    return true;
  }

  /** The shard is closed, and everything in it is done. */
  finish(): void {
    this.#save({ isFinished: true });
  }

  async #openWindowFor([first]: readonly StreamRecord[]): Promise<boolean> {
    if (!first || this.#settings.windowSeconds === 0) return true;
    const startMs = this.#windowStart(first);
    if (this.#position.window && startMs > this.#position.window.startMs && !(await this.closeWindow()))
      return false;
    if (!this.#position.window) this.#position = { ...this.#position, window: { startMs, state: {} } };
    return true;
  }

  async #invoke({ records }: Part): Promise<StreamOutcome | 'stopped'> {
    const { isPartial, windowSeconds } = this.#settings;
    const result = await this.#call(records, false);
    if (result === 'stopped') return result;
    return streamOutcome(records, result, { isPartial, hasWindow: windowSeconds > 0 });
  }

  /** Throttled invocations do not count as tries. */
  async #call(records: readonly StreamRecord[], isFinal: boolean): Promise<InvocationResult | 'stopped'> {
    const { streamArn, windowSeconds } = this.#settings;
    const { window } = this.#position;
    const part = window && { window, windowSeconds, shardId: this.#shardId, isFinal };
    for (;;) {
      const result = await this.#around.invoke(toStreamEvent(records, streamArn, part));
      if (!result.ok && this.#around.isStopping()) return 'stopped';
      if (!isThrottled(result)) return result;
      if (!(await this.#around.pause(firstRetryMs))) return 'stopped';
    }
  }

  /** What has to be tried (again) after an invocation; what is done or given up is written down. */
  #after(part: Part, outcome: StreamOutcome): Part[] {
    const { records, retries } = part;
    if (outcome.kind === 'done') {
      this.#advance(records, outcome.state);
      return [];
    }
    if (outcome.kind === 'failed from' && outcome.index > 0) {
      this.#advance(records.slice(0, outcome.index), outcome.state);
      return this.#again(
        { records: records.slice(outcome.index), retries: retries + 1 },
        'reported as failed',
      );
    }
    // Splitting a batch does not count as a retry.
    if (this.#settings.bisects && records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      return [records.slice(0, middle), records.slice(middle)].map((half) => ({ records: half, retries }));
    }
    return this.#again(
      { records, retries: retries + 1 },
      outcome.kind === 'failed' ? outcome.reason : 'reported',
    );
  }

  #again(part: Part, reason: string): Part[] {
    if (!this.#isTooOften(part.retries)) return [part];
    this.#giveUp(part.records, `it failed ${part.retries} times: ${reason}`);
    return [];
  }

  #isTooOften(retries: number): boolean {
    return this.#settings.retryAttempts >= 0 && retries > this.#settings.retryAttempts;
  }

  #withoutOld(part: Part): Part {
    const { maximumAgeSeconds } = this.#settings;
    if (maximumAgeSeconds < 0) return part;
    const oldest = this.#around.clock.now() - maximumAgeSeconds * 1000;
    const old = part.records.filter((record) => stamp(record) < oldest);
    if (old.length > 0) this.#giveUp(old, `older than ${maximumAgeSeconds} s`);
    return { ...part, records: part.records.slice(old.length) };
  }

  #giveUp(records: readonly StreamRecord[], reason: string): void {
    this.#around.discard(records, reason);
    this.#advance(records, undefined);
  }

  #advance(records: readonly StreamRecord[], state: unknown): void {
    const { window } = this.#position;
    const after = records.at(-1)?.dynamodb.SequenceNumber ?? this.#position.after;
    this.#save({ after, ...(window && state !== undefined && { window: { ...window, state } }) });
  }

  #save(change: Partial<ShardPosition>): void {
    this.#position = { ...this.#position, ...change };
    this.#around.save(this.#position);
  }

  #backOff = (retries: number) =>
    this.#around.pause(Math.min(firstRetryMs * 2 ** Math.max(0, retries - 1), longestRetryMs));

  #windowStart(record: StreamRecord): number {
    const lengthMs = this.#settings.windowSeconds * 1000;
    const { window, windowsClosedUntilMs = 0 } = this.#position;
    const own = Math.floor(stamp(record) / lengthMs) * lengthMs;
    // A late record belongs to the window that is open, or to the first one that is not closed yet.
    return Math.max(own, window?.startMs ?? windowsClosedUntilMs);
  }

  #windowEnd(): number | undefined {
    const { window } = this.#position;
    return window && window.startMs + this.#settings.windowSeconds * 1000;
  }
}

// A record's time is rounded down to the second, and it takes a moment to show up in the stream.
const lateMs = 1500;
