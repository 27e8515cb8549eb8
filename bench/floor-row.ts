import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { v7 } from 'uuid';
import { itemOf } from '../shared/aws/job-item.ts';
import { sequenceMaker } from '../shared/job/sequence.ts';
import { Status } from '../shared/job/status.ts';
import { diagnose } from '../shared/operations/diagnose.ts';
import { newRow } from '../shared/service/new-row.ts';

/** As many index partitions as the service has. */
const SHARDS = 8;
const nextSequence = sequenceMaker(Date.now, Math.random);

/** The row that the service would write for the same job, with all its index entries. */
export function floorItem(): Record<string, unknown> & { jobId: string } {
  const facts = { jobId: v7(), operation: diagnose, input: {}, by: 'floor', texts: {} };
  return { ...itemOf(newRow(facts, nextSequence()), { shards: SHARDS }), jobId: facts.jobId };
}

const now = (): string => new Date(Date.now()).toISOString();

/** The two writes of a run, each guarded as the service guards its own. */
export const floorRun = (tables: DynamoDBDocumentClient, TableName: string) => ({
  claim: (jobId: string) =>
    tables.send(
      new UpdateCommand({
        TableName,
        Key: { jobId },
        UpdateExpression: 'SET statusCode = :to, startedOn = :now ADD claimNumber :one',
        ConditionExpression: 'statusCode = :from',
        ExpressionAttributeValues: {
          ':from': Status.WaitingForResources,
          ':to': Status.InProgress,
          ':now': now(),
          ':one': 1,
        },
      }),
    ),
  complete: (jobId: string) =>
    tables.send(
      new UpdateCommand({
        TableName,
        Key: { jobId },
        UpdateExpression: 'SET statusCode = :to, completedOn = :now REMOVE watchAt, openShard',
        ConditionExpression: 'statusCode = :from AND claimNumber = :ours',
        ExpressionAttributeValues: {
          ':from': Status.InProgress,
          ':to': Status.Succeeded,
          ':now': now(),
          ':ours': 1,
        },
      }),
    ),
});
