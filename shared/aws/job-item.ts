import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Job, TEXT_COLUMNS, type TextColumn } from '../job/job.ts';
import { LANES } from '../job/lane.ts';
import { msOfSequence } from '../job/sequence.ts';
import { ALL_STATUSES, type StatusCode } from '../job/status.ts';

/** A row of the table `Jobs`: the job, and the keys of the indexes `timeline` and `open`. */
const JobItem = z.object({
  jobId: z.string(),
  sequence: z.number(),
  operation: z.string(),
  name: z.string(),
  description: z.string().exactOptional(),
  longTexts: z.string().transform(longTextsIn).exactOptional(),
  statusCode: z.custom<StatusCode>((code) => ALL_STATUSES.some((known) => known === code)),
  createdOn: z.string(),
  createdBy: z.string(),
  ownerId: z.string().exactOptional(),
  modifiedOn: z.string(),
  modifiedBy: z.string().exactOptional(),
  startedOn: z.string().exactOptional(),
  completedOn: z.string().exactOptional(),
  dependencyToken: z.string().exactOptional(),
  postponeUntil: z.string().exactOptional(),
  isRetrying: z.literal(true).exactOptional(),
  isWaitingForEvent: z.literal(true).exactOptional(),
  lane: z.enum(LANES).exactOptional(),
  depth: z.number(),
  claimNumber: z.number(),
  leaseEndsAt: z.string().exactOptional(),
  hostId: z.string().exactOptional(),
  watchAt: z.string().exactOptional(),
  retryCount: z.number(),
  maxRetries: z.number().exactOptional(),
  crashCount: z.number().exactOptional(),
  progressDone: z.number().exactOptional(),
  progressTotal: z.number().exactOptional(),
  message: z.string().exactOptional(),
  friendlyMessage: z.string().exactOptional(),
  errorCode: z.number().exactOptional(),
  executionTimeSpan: z.number().exactOptional(),
  input: z.string().exactOptional(),
  inputBlobId: z.string().exactOptional(),
  result: z.string().exactOptional(),
  hasResult: z.boolean().exactOptional(),
  requestHash: z.string().exactOptional(),
  rerunOf: z.string().exactOptional(),
  deleteOnSuccess: z.literal(true).exactOptional(),
  expiresAt: z.number().exactOptional(),
  relatedTo: z.string().exactOptional(),
  isToCome: z.literal(true).exactOptional(),
  deleteWhenOver: z.literal(true).exactOptional(),
  isPlatformGenerated: z.literal(true).exactOptional(),
});

/** Reads a row; attributes that are not the job's (index keys) are left out. A row we can't read is a bug. */
export function jobOf(item: unknown): Job {
  const row = JobItem.parse(item);
  return { ...row, ownerId: row.ownerId ?? row.createdBy, modifiedBy: row.modifiedBy ?? row.createdBy };
}

const ItemStatus = JobItem.pick({ statusCode: true });

/** Of a row whose other columns nobody asks for. */
export const statusOf = (item: unknown): StatusCode => ItemStatus.parse(item).statusCode;

/** The columns of `longTexts` as one letter each: their names would take a twentieth of the row. */
const LETTERS: Readonly<Record<TextColumn, string>> = {
  name: 'n',
  description: 'd',
  friendlyMessage: 'f',
  message: 'm',
  dependencyToken: 't',
};

function longTextsIn(letters: string): TextColumn[] {
  return letters.split('').flatMap((letter) => TEXT_COLUMNS.filter((column) => LETTERS[column] === letter));
}

/** Columns as the table keeps them. */
export const attributesOf = ({ longTexts, ...columns }: Partial<Job>): Record<string, unknown> => ({
  ...columns,
  ...(longTexts !== undefined && { longTexts: longTexts.map((column) => LETTERS[column]).join('') }),
});

export interface Sharding {
  /** How many index partitions share the writes of a day, and the open jobs. */
  readonly shards: number;
}

/** Users are written once where they are the same: an attribute that is not there is the creator. */
export const itemOf = (
  { ownerId, modifiedBy, ...job }: Job,
  sharding: Sharding,
): Record<string, unknown> => ({
  ...attributesOf(job),
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

/** Puts a row where there is none, and shows the one that is there. */
export const newJobPut = (job: Job, config: Sharding & { readonly jobsTable: string }) =>
  ({
    TableName: config.jobsTable,
    Item: itemOf(job, config),
    ConditionExpression: 'attribute_not_exists(jobId)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }) as const;

/** The SDK repeats a put whose answer was lost, and then meets its own row. */
export const isSameInsert = (current: Job, job: Job): boolean =>
  current.sequence === job.sequence &&
  current.createdBy === job.createdBy &&
  current.createdOn === job.createdOn &&
  current.requestHash === job.requestHash;
