import { type StreamClient, type StreamRecord, saysSomething } from './stream-client.ts';

/** Reads one shard ahead of its consumer. What it has read and was not consumed is read again after a restart. */
export class ShardReader {
  readonly #client: StreamClient;
  readonly #streamArn: string;
  readonly #shardId: string;
  #after: string | undefined;
  #iterator: string | undefined;
  #waiting: StreamRecord[] = [];
  #waitingSinceMs = 0;
  #isOver = false;

  constructor(
    client: StreamClient,
    from: { streamArn: string; shardId: string; after?: string | undefined },
  ) {
    this.#client = client;
    this.#streamArn = from.streamArn;
    this.#shardId = from.shardId;
    this.#after = from.after;
  }

  get waiting(): readonly StreamRecord[] {
    return this.#waiting;
  }

  /** The last record that was read. */
  get after(): string | undefined {
    return this.#after;
  }

  get waitingSinceMs(): number {
    return this.#waitingSinceMs;
  }

  /** The shard is closed, and all of it has been read. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Answers whether anything came. */
  async readOn(limit: number, nowMs: number): Promise<boolean> {
    if (this.#isOver || this.#waiting.length >= limit) return false;
    try {
      this.#iterator ??= await this.#client.iterator({
        streamArn: this.#streamArn,
        shardId: this.#shardId,
        after: this.#after,
      });
      const { records, next } = await this.#client.read(this.#iterator, limit - this.#waiting.length);
      this.#keep(records, nowMs);
      this.#iterator = next;
      this.#isOver = next === undefined;
      return records.length > 0;
    } catch (error) {
      // An iterator expires after some minutes; and what lay behind the position may have left the stream.
      this.#iterator = undefined;
      if (String(error).includes('TrimmedDataAccess')) this.#after = undefined;
      throw error;
    }
  }

  /** These many have been consumed. */
  drop(count: number, nowMs: number): void {
    this.#waiting = this.#waiting.slice(count);
    this.#waitingSinceMs = nowMs;
  }

  #keep(records: readonly StreamRecord[], nowMs: number): void {
    if (this.#waiting.length === 0) this.#waitingSinceMs = nowMs;
    this.#waiting.push(...records.filter(saysSomething));
    this.#after = records.at(-1)?.dynamodb.SequenceNumber ?? this.#after;
  }
}
