import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { JobChange } from '../service/notifications/ports.ts';
import { jobOf, statusOf } from './job-item.ts';

const Image = z.custom<Record<string, AttributeValue>>(
  (image) => typeof image === 'object' && image !== null && !Array.isArray(image),
);
const StreamRecord = z.object({
  eventID: z.string(),
  dynamodb: z.object({ NewImage: Image.optional(), OldImage: Image.optional() }),
});

/** A record of the stream of the table `Jobs`; undefined where a row went away, which ends no job. */
export function jobChangeOf(record: unknown): JobChange | undefined {
  const { eventID: changeId, dynamodb } = StreamRecord.parse(record);
  if (dynamodb.NewImage === undefined) return undefined;
  const job = jobOf(unmarshall(dynamodb.NewImage));
  if (dynamodb.OldImage === undefined) return { changeId, job };
  const { statusCode } = dynamodb.OldImage;
  return { changeId, job, before: statusOf(unmarshall(statusCode === undefined ? {} : { statusCode })) };
}
