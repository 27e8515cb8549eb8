import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

export interface Refusal {
  /** The item that stood in the way, where there is one. */
  readonly current: Record<string, unknown> | undefined;
}

/** The item of a refused conditional write; undefined if the error is another one. */
export function refusal(error: unknown): Refusal | undefined {
  if (!(error instanceof ConditionalCheckFailedException)) return undefined;
  // The document client leaves the item of an exception in DynamoDB's own form.
  return { current: error.Item === undefined ? undefined : unmarshall(error.Item) };
}
