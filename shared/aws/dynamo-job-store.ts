import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Job } from '../job/job.ts';
import { type Removal, type Transition, wasAlreadyMade } from '../job/transition.ts';
import { eachOf } from '../service/each-of.ts';
import {
  type DuePage,
  type DueQuery,
  JobExists,
  type JobStore,
  type TimelineEntry,
  type TimelineRange,
  TransitionRefused,
} from '../service/ports.ts';
import { auditItem } from './audit-item.ts';
import { batchGet } from './batch-get.ts';
import { batchWrite, WRITES_PER_CALL } from './batch-write.ts';
import { dayOf, isSameInsert, itemOf, jobOf, newJobPut, openShardAt, type Sharding } from './job-item.ts';
import { lineChanges } from './line-item.ts';
import { type Refusal, refusal } from './refusal.ts';
import { dueIn } from './sharded-index.ts';
import { takeTurns } from './take-turns.ts';
import type { Timeline } from './timeline.ts';
import { transact } from './transaction.ts';
import { guardedDelete, guardedUpdate } from './transition-guard.ts';

export interface JobTables extends Sharding {
  readonly jobsTable: string;
  readonly chainsTable: string;
  readonly jobDetailsTable: string;
}

/** Calls of a bulk write that are under way at once. */
const CALLS_AT_ONCE = 4;

/** Jobs in DynamoDB. */
export class DynamoJobStore implements JobStore {
  readonly #tables: DynamoDBDocumentClient;
  readonly #config: JobTables;
  readonly #timeline: Timeline;

  constructor(tables: DynamoDBDocumentClient, config: JobTables, timeline: Timeline) {
    this.#tables = tables;
    this.#config = config;
    this.#timeline = timeline;
  }

  async insert(job: Job): Promise<void> {
    await this.#timeline.noteDay(dayOf(job.sequence));
    const put = newJobPut(job, this.#config);
    const refused = await orRefused(() => this.#tables.send(new PutCommand(put)));
    if (!('refused' in refused)) return;
    const current = rowOf(refused.refused);
    if (current === undefined || !isSameInsert(current, job)) throw new JobExists(job.jobId, current);
  }

  async insertAll(jobs: readonly Job[]): Promise<ReadonlySet<string>> {
    for (const day of new Set(jobs.map(({ sequence }) => dayOf(sequence)))) await this.#timeline.noteDay(day);
    const calls = Array.from({ length: Math.ceil(jobs.length / WRITES_PER_CALL) }, (_, call) =>
      jobs.slice(call * WRITES_PER_CALL, (call + 1) * WRITES_PER_CALL),
    );
    const written = await eachOf(calls, CALLS_AT_ONCE, (call) => this.#insertSome(call));
    return new Set(written.flat());
  }

  /** A call that fails may have written some of its rows: those that can be seen are written. */
  async #insertSome(jobs: readonly Job[]): Promise<string[]> {
    const ids = jobs.map(({ jobId }) => jobId);
    try {
      const puts = jobs.map((job) => ({ PutRequest: { Item: itemOf(job, this.#config) } }));
      await batchWrite(this.#tables, this.#config.jobsTable, puts);
      return ids;
    } catch {
      const rows = await this.#read(ids, { consistent: true }).catch(() => []);
      return rows.map(({ jobId }) => jobId);
    }
  }

  async get(jobId: string): Promise<Job | undefined> {
    const { Item } = await this.#tables.send(
      new GetCommand({ TableName: this.#config.jobsTable, Key: { jobId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : jobOf(Item);
  }

  getAll(jobIds: readonly string[]): Promise<Job[]> {
    return this.#read(jobIds, { consistent: false });
  }

  async #read(jobIds: readonly string[], { consistent }: { consistent: boolean }): Promise<Job[]> {
    const keys = jobIds.map((jobId) => ({ jobId }));
    const items = await batchGet(this.#tables, { table: this.#config.jobsTable, keys, consistent });
    const found = new Map(items.map(jobOf).map((job) => [job.jobId, job]));
    return jobIds.flatMap((jobId) => found.get(jobId) ?? []);
  }

  async make(step: Transition): Promise<Job | undefined> {
    const isAlone = step.line === undefined && step.note === undefined;
    const made = isAlone ? await this.#update(step) : await this.#updateWithOthers(step);
    if (!('refused' in made)) return made.row;
    const current = rowOf(made.refused);
    if (current !== undefined && wasAlreadyMade(current, step)) return current;
    throw new TransitionRefused(step, current);
  }

  async #update(step: Transition): Promise<Made> {
    const { jobsTable: TableName } = this.#config;
    const update = { TableName, Key: { jobId: step.jobId }, ...guardedUpdate(step, this.#config) };
    const made = await orRefused(() =>
      this.#tables.send(new UpdateCommand({ ...update, ReturnValues: 'ALL_NEW' })),
    );
    return 'refused' in made ? made : { row: jobOf(made.Attributes) };
  }

  async #updateWithOthers({ line, note, ...step }: Transition): Promise<Made> {
    const { jobsTable: TableName, chainsTable, jobDetailsTable } = this.#config;
    const refusals = await transact(this.#tables, [
      { Update: { TableName, Key: { jobId: step.jobId }, ...guardedUpdate(step, this.#config) } },
      ...(line === undefined ? [] : lineChanges(line, chainsTable, this.#config)),
      ...(note === undefined
        ? []
        : [{ Put: { TableName: jobDetailsTable, Item: auditItem(note.of, note.entry) } }]),
    ]);
    const refused = refusals.get(0);
    return refused === undefined ? { row: undefined } : { refused };
  }

  async remove(step: Removal): Promise<void> {
    const { jobsTable: TableName, chainsTable } = this.#config;
    const order = { TableName, Key: { jobId: step.jobId }, ...guardedDelete(step) };
    const { line } = step;
    const changes = line === undefined ? [] : lineChanges(line, chainsTable, this.#config);
    const refused =
      changes.length === 0
        ? await orRefused(() => this.#tables.send(new DeleteCommand(order)))
        : { refused: (await transact(this.#tables, [{ Delete: order }, ...changes])).get(0) };
    if (!('refused' in refused) || refused.refused === undefined) return;
    const current = rowOf(refused.refused);
    if (current !== undefined) throw new TransitionRefused(step, current);
  }

  async due(query: DueQuery): Promise<DuePage> {
    const { jobsTable: table, shards } = this.#config;
    const index = {
      table,
      index: 'open',
      partition: 'openShard',
      sort: 'watchAt',
      shardAt: openShardAt,
      shards,
    };
    const { items, next } = await dueIn(this.#tables, index, query);
    return { jobIds: items.map(({ jobId }) => String(jobId)), ...(next !== undefined && { next }) };
  }

  timeline(range: TimelineRange): Promise<TimelineEntry[]> {
    return this.#timeline.read(range);
  }
}

type Made = { readonly row: Job | undefined } | { readonly refused: Refusal };

/** A refused condition is an answer. */
async function orRefused<T extends object>(write: () => Promise<T>): Promise<T | { refused: Refusal }> {
  try {
    return await takeTurns(write);
  } catch (error) {
    const refused = refusal(error);
    if (refused === undefined) throw error;
    return { refused };
  }
}

const rowOf = ({ current }: Refusal): Job | undefined => (current === undefined ? undefined : jobOf(current));
