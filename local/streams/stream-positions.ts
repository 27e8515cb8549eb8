import * as z from 'zod';
import { readWhole, writeWhole } from '../data-folder/write-whole.ts';
import type { ShardPosition } from './shard-consumer.ts';

const position = z.object({
  after: z.string().optional(),
  window: z.object({ startMs: z.number(), state: z.unknown() }).optional(),
  windowsClosedUntilMs: z.number().optional(),
  isFinished: z.boolean().optional(),
});
const file = z.object({ streamArn: z.string(), shards: z.record(z.string(), position) });

/** How far a mapping has come in each shard of its stream, kept over restarts. Another stream begins anew. */
export class StreamPositions {
  /** Whether this stream is read for the first time. */
  readonly isNew: boolean;
  readonly #file: string;
  readonly #streamArn: string;
  #shards: Record<string, ShardPosition>;

  constructor(path: string, streamArn: string) {
    const before = file.safeParse(readWhole(path)).data;
    this.isNew = before?.streamArn !== streamArn;
    this.#file = path;
    this.#streamArn = streamArn;
    this.#shards = before?.streamArn === streamArn ? before.shards : {};
  }

  of(shardId: string): ShardPosition {
    return this.#shards[shardId] ?? {};
  }

  save(shardId: string, reached: ShardPosition): void {
    this.#shards = { ...this.#shards, [shardId]: reached };
    writeWhole(this.#file, { streamArn: this.#streamArn, shards: this.#shards });
  }
}
