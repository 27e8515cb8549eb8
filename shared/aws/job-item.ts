import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Job, TEXT_COLUMNS } from '../job/job.ts';
import { msOfSequence } from '../job/sequence.ts';
import { ALL_STATUSES, type StatusCode } from '../job/status.ts';

/** A row of the table `Jobs`: the job, and the keys of the indexes `timeline` and `open`. */
const JobItem = z.object({
  jobId: z.string(),
  sequence: z.number(),
  operation: z.string(),
  name: z.string(),
  description: z.string().exactOptional(),
  longTexts: z.array(z.enum(TEXT_COLUMNS)).exactOptional(),
  statusCode: z.custom<StatusCode>((code) => ALL_STATUSES.some((known) => known === code)),
  createdOn: z.string(),
  createdBy: z.string(),
  ownerId: z.string().exactOptional(),
  modifiedOn: z.string(),
  modifiedBy: z.string().exactOptional(),
  startedOn: z.string().exactOptional(),
  completedOn: z.string().exactOptional(),
  postponeUntil: z.string().exactOptional(),
  depth: z.number(),
  claimNumber: z.number(),
  leaseEndsAt: z.string().exactOptional(),
  hostId: z.string().exactOptional(),
  watchAt: z.string().exactOptional(),
  retryCount: z.number(),
  progressDone: z.number().exactOptional(),
  progressTotal: z.number().exactOptional(),
  message: z.string().exactOptional(),
  friendlyMessage: z.string().exactOptional(),
  errorCode: z.number().exactOptional(),
  executionTimeSpan: z.number().exactOptional(),
  input: z.string().exactOptional(),
  hasResult: z.boolean().exactOptional(),
  isPlatformGenerated: z.literal(true).exactOptional(),
});

/** Reads a row; attributes that are not the job's (index keys) are left out. A row we can't read is a bug. */
export function jobOf(item: unknown): Job {
  const row = JobItem.parse(item);
  return { ...row, ownerId: row.ownerId ?? row.createdBy, modifiedBy: row.modifiedBy ?? row.createdBy };
}

export interface Sharding {
  /** How many index partitions share the writes of a day, and the open jobs. */
  readonly shards: number;
}

/** Users are written once where they are the same: an attribute that is not there is the creator. */
export const itemOf = (
  { ownerId, modifiedBy, ...job }: Job,
  sharding: Sharding,
): Record<string, unknown> => ({
  ...job,
  ...(ownerId !== job.createdBy && { ownerId }),
  ...(modifiedBy !== job.createdBy && { modifiedBy }),
  timelineShard: timelineShard(dayOf(job.sequence), shardOf(job.jobId, sharding)),
  ...(job.watchAt !== undefined && { openShard: openShard(job.jobId, sharding) }),
});

export const dayOf = (sequence: number): string =>
  new Date(msOfSequence(sequence)).toISOString().slice(0, 10);
export const timelineShard = (day: string, shard: number): string => `${day}#${shard}`;
export const openShard = (jobId: string, sharding: Sharding): string => openShardAt(shardOf(jobId, sharding));
export const openShardAt = (shard: number): string => `open#${shard}`;

const shardOf = (jobId: string, { shards }: Sharding): number =>
  createHash('sha1').update(jobId).digest().readUInt32BE() % shards;
