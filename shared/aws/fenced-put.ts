import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { detailsKey } from '../job/details-key.ts';
import { type OwnJob, TransitionRefused } from '../service/ports.ts';
import { refusal } from './refusal.ts';
import type { TextBlobs } from './s3-texts.ts';

export interface DetailsTable {
  readonly tables: DynamoDBDocumentClient;
  readonly table: string;
}

/**
 * Puts a part of a job's details in the name of a worker. Throws `TransitionRefused` where a later claim has written it
 * already. Answers with the blob that the part led to before.
 */
export async function putFenced(
  own: OwnJob,
  part: string,
  facts: object,
  { tables, table }: DetailsTable,
): Promise<string | undefined> {
  const { claimNumber } = own;
  try {
    const { Attributes } = await tables.send(
      new PutCommand({
        TableName: table,
        Item: { jobId: detailsKey(own), part, claimNumber, ...facts },
        ConditionExpression: 'attribute_not_exists(claimNumber) OR claimNumber <= :own',
        ExpressionAttributeValues: { ':own': claimNumber },
        ReturnValues: 'ALL_OLD',
      }),
    );
    const before: unknown = Attributes?.['blob'];
    return typeof before === 'string' ? before : undefined;
  } catch (error) {
    if (refusal(error) === undefined) throw error;
    throw new TransitionRefused({ verb: `save ${part}`, jobId: own.jobId });
  }
}

/** The same for a part that may lead to a blob, put before it: no blob is left that nothing leads to. */
export async function putFencedWithBlob(
  own: OwnJob,
  part: string,
  facts: { readonly blob?: string; readonly [fact: string]: unknown },
  { texts, ...at }: DetailsTable & { readonly texts: TextBlobs },
): Promise<void> {
  const { blob } = facts;
  try {
    const before = await putFenced(own, part, facts, at);
    if (before !== undefined && before !== blob) await texts.remove(before);
  } catch (error) {
    if (blob !== undefined && error instanceof TransitionRefused) await texts.remove(blob);
    throw error;
  }
}

/** Under a key that holds the claim number a worker that was replaced can't change its successor's blob. */
export const blobOf = (own: OwnJob, part: string): string =>
  `job-details/${detailsKey(own)}/${part}-${own.claimNumber}`;
