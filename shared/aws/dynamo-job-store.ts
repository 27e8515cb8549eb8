import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Job } from '../job/job.ts';
import { Status } from '../job/status.ts';
import { type Transition, wasAlreadyMade } from '../job/transition.ts';
import {
  type DuePage,
  type DueQuery,
  JobExists,
  type JobStore,
  type TimelineEntry,
  type TimelineRange,
  TransitionRefused,
} from '../service/ports.ts';
import { batchGet } from './batch-get.ts';
import { dayOf, itemOf, jobOf, type Sharding } from './job-item.ts';
import { OpenJobs } from './open-jobs.ts';
import { refusal } from './refusal.ts';
import { Timeline } from './timeline.ts';
import { guardedUpdate } from './transition-guard.ts';

export interface JobTables extends Sharding {
  readonly jobsTable: string;
  readonly jobDetailsTable: string;
}

/** Jobs in DynamoDB. */
export class DynamoJobStore implements JobStore {
  readonly #tables: DynamoDBDocumentClient;
  readonly #config: JobTables;
  readonly #timeline: Timeline;
  readonly #open: OpenJobs;

  constructor(tables: DynamoDBDocumentClient, config: JobTables) {
    this.#tables = tables;
    this.#config = config;
    this.#timeline = new Timeline(tables, config);
    this.#open = new OpenJobs(tables, config);
  }

  async insert(job: Job): Promise<void> {
    await this.#timeline.noteDay(dayOf(job.sequence));
    try {
      await this.#tables.send(
        new PutCommand({
          TableName: this.#config.jobsTable,
          Item: itemOf(job, this.#config),
          ConditionExpression: 'attribute_not_exists(jobId)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    } catch (error) {
      const refused = refusal(error);
      if (refused === undefined) throw error;
      const current = refused.current === undefined ? undefined : jobOf(refused.current);
      // The SDK repeats a put whose answer was lost, and then meets its own row.
      if (current?.sequence === job.sequence && current.createdBy === job.createdBy) return;
      throw new JobExists(job.jobId, current);
    }
  }

  async withdraw(jobId: string): Promise<boolean> {
    try {
      await this.#tables.send(
        new DeleteCommand({
          TableName: this.#config.jobsTable,
          Key: { jobId },
          ConditionExpression: 'statusCode = :ready AND claimNumber = :never',
          ExpressionAttributeValues: { ':ready': Status.WaitingForResources, ':never': 0 },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return true;
    } catch (error) {
      const refused = refusal(error);
      if (refused === undefined) throw error;
      return refused.current === undefined;
    }
  }

  async get(jobId: string): Promise<Job | undefined> {
    const { Item } = await this.#tables.send(
      new GetCommand({ TableName: this.#config.jobsTable, Key: { jobId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : jobOf(Item);
  }

  async getAll(jobIds: readonly string[]): Promise<Job[]> {
    const keys = jobIds.map((jobId) => ({ jobId }));
    const items = await batchGet(this.#tables, { table: this.#config.jobsTable, keys });
    const found = new Map(items.map(jobOf).map((job) => [job.jobId, job]));
    return jobIds.flatMap((jobId) => found.get(jobId) ?? []);
  }

  async make(step: Transition): Promise<Job> {
    try {
      const { Attributes } = await this.#tables.send(
        new UpdateCommand({
          TableName: this.#config.jobsTable,
          Key: { jobId: step.jobId },
          ...guardedUpdate(step, this.#config),
        }),
      );
      return jobOf(Attributes);
    } catch (error) {
      const refused = refusal(error);
      if (refused === undefined) throw error;
      const current = refused.current === undefined ? undefined : jobOf(refused.current);
      if (current !== undefined && wasAlreadyMade(current, step)) return current;
      throw new TransitionRefused(step, current);
    }
  }

  due(query: DueQuery): Promise<DuePage> {
    return this.#open.due(query);
  }

  timeline(range: TimelineRange): Promise<TimelineEntry[]> {
    return this.#timeline.read(range);
  }
}
