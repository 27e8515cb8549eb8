import { setTimeout as delay } from 'node:timers/promises';
import { type ConsumerSettings, type ConsumerSurroundings, ShardConsumer } from './shard-consumer.ts';
import { ShardReader } from './shard-reader.ts';
import type { Shard, StreamClient } from './stream-client.ts';
import type { StreamPositions } from './stream-positions.ts';

export interface StreamMapping extends ConsumerSettings {
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly startsAtLatest: boolean;
}

export interface StreamSurroundings extends Pick<ConsumerSurroundings, 'clock' | 'invoke' | 'discard'> {
  readonly client: StreamClient;
  readonly positions: StreamPositions;
  /** The name that the emulator gave the stream. */
  readonly emulatedStreamArn: string;
  isEnabled(): boolean;
  log(text: string): void;
}

// "Lambda polls shards at a base rate of 4 times per second."
const pollMs = 250;
const lookForShardsMs = 10_000;
const mostRecordsRead = 1000;

/** Hands the records of a table's stream to a function: the shards side by side, each one after its parent. */
export class StreamPoller {
  readonly #mapping: StreamMapping;
  readonly #around: StreamSurroundings;
  readonly #stopping = new AbortController();
  readonly #shards = new Map<string, Promise<void>>();
  readonly #finished = new Set<string>();
  readonly #looking: Promise<void>;

  constructor(mapping: StreamMapping, around: StreamSurroundings) {
    this.#mapping = mapping;
    this.#around = around;
    this.#looking = this.#lookForShards();
  }

  /** No new invocations; those that run are awaited by `drained`. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
  }

  async drained(): Promise<void> {
    await Promise.all(this.#shards.values());
  }

  async #lookForShards(): Promise<void> {
    let begins = this.#around.positions.isNew && this.#mapping.startsAtLatest;
    while (!this.#stopping.signal.aborted) {
      try {
        const shards = await this.#around.client.shards(this.#around.emulatedStreamArn);
        if (begins) await this.#passOver(shards);
        begins = false;
        for (const shard of shards) this.#follow(shard, shards);
        await this.#pause(lookForShardsMs);
      } catch (error) {
        this.#around.log(`cannot read the shards of ${this.#mapping.streamArn}: ${String(error)}`);
        await this.#pause(pollMs);
      }
    }
  }

  /** LATEST: what is there when the mapping is made is none of its business. */
  async #passOver(shards: readonly Shard[]): Promise<void> {
    for (const { ShardId: shardId } of shards) {
      this.#around.positions.save(shardId, {});
      const reader = this.#reader(shardId);
      while (await reader.readOn(mostRecordsRead, 0)) {
        this.#around.positions.save(shardId, { after: reader.after });
        reader.drop(reader.waiting.length, 0);
      }
    }
  }

  #follow({ ShardId: shardId, ParentShardId: parent }: Shard, all: readonly Shard[]): void {
    if (this.#shards.has(shardId)) return;
    const waitsForParent =
      parent !== undefined && !this.#finished.has(parent) && all.some(({ ShardId }) => ShardId === parent);
    if (waitsForParent) return;
    this.#shards.set(shardId, this.#consume(shardId));
  }

  async #consume(shardId: string): Promise<void> {
    const { positions, clock, invoke, discard } = this.#around;
    const consumer = new ShardConsumer(shardId, positions.of(shardId), this.#mapping, {
      clock,
      invoke,
      discard,
      save: (reached) => positions.save(shardId, reached),
      pause: (ms) => this.#pause(ms),
      isStopping: () => this.#stopping.signal.aborted,
    });
    const reader = this.#reader(shardId);
    let isOver = consumer.position.isFinished ?? false;
    while (!isOver && !this.#stopping.signal.aborted) isOver = await this.#step(reader, consumer);
    if (isOver) this.#finished.add(shardId);
  }

  /** Reads on, hands over a batch if one is complete, closes a window that is over. Answers whether the shard is over. */
  async #step(reader: ShardReader, consumer: ShardConsumer): Promise<boolean> {
    if (!this.#around.isEnabled()) return (await this.#pause(pollMs)) && false;
    const came = await this.#readOn(reader);
    const count = this.#batch(reader, consumer);
    if (count > 0) {
      if (await consumer.take(reader.waiting.slice(0, count))) reader.drop(count, this.#around.clock.now());
      return false;
    }
    if (reader.waiting.length === 0 && (consumer.isDueToClose || reader.isOver)) await consumer.closeWindow();
    const isOver = reader.isOver && reader.waiting.length === 0 && !this.#stopping.signal.aborted;
    if (isOver) consumer.finish();
    else if (!came) await this.#pause(pollMs);
    return isOver;
  }

  async #readOn(reader: ShardReader): Promise<boolean> {
    try {
      return await reader.readOn(
        Math.max(this.#mapping.batchSize, mostRecordsRead),
        this.#around.clock.now(),
      );
    } catch (error) {
      if (!this.#stopping.signal.aborted)
        this.#around.log(`cannot read ${this.#mapping.streamArn}: ${String(error)}`);
      return false;
    }
  }

  /** A batch is complete when it is full, when its window is, or when the batching window is over. */
  #batch(reader: ShardReader, consumer: ShardConsumer): number {
    const { batchSize, batchingWindowMs } = this.#mapping;
    const fitting = Math.min(consumer.sameWindow(reader.waiting), batchSize);
    const isComplete = fitting === batchSize || fitting < reader.waiting.length || reader.isOver;
    const hasWaited = this.#around.clock.now() >= reader.waitingSinceMs + batchingWindowMs;
    return isComplete || hasWaited ? withinPayload(reader, fitting) : 0;
  }

  #reader(shardId: string): ShardReader {
    const { client, positions, emulatedStreamArn: streamArn } = this.#around;
    return new ShardReader(client, { streamArn, shardId, after: positions.of(shardId).after });
  }

  /** False when the service stops before the time is over. */
  #pause(ms: number): Promise<boolean> {
    return delay(ms, true, { signal: this.#stopping.signal }).catch(() => false);
  }
}

// Lambda's limit for the event of an invocation, with room for what surrounds the records.
const largestEvent = 6 * 1024 * 1024 - 64 * 1024;

function withinPayload({ waiting }: ShardReader, count: number): number {
  let bytes = 0;
  const tooMany = waiting.slice(0, count).findIndex((record) => {
    bytes += Buffer.byteLength(JSON.stringify(record)) + 256;
    return bytes > largestEvent;
  });
  return tooMany < 0 ? count : Math.max(tooMany, 1);
}
