import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import { msOfSequence } from '../job/sequence.ts';
import { Status } from '../job/status.ts';
import type { RowTexts } from './long-texts.ts';
import { ORDER_ON_ROW_BYTES } from './new-job.ts';
import type { Operation } from './operation.ts';

/** If no ring arrives, the job is looked at this long after its creation. */
const WATCH_AFTER_CREATE_MS = 60_000;

/** What a new row is made of. */
export interface RowFacts {
  readonly jobId: string;
  readonly operation: Operation<never>;
  readonly input: Json;
  /** The creator, who is the owner too. */
  readonly by: string;
  readonly texts: RowTexts;
}

/** A row as it is created: Ready, never claimed. */
export function newRow({ jobId, operation, input, by, texts }: RowFacts, sequence: number): Job {
  const now = msOfSequence(sequence);
  const createdOn = new Date(now).toISOString();
  const { name = operation.label, ...others } = texts;
  return {
    jobId,
    sequence,
    operation: operation.name,
    name,
    ...others,
    statusCode: Status.WaitingForResources,
    createdOn,
    createdBy: by,
    ownerId: by,
    modifiedOn: createdOn,
    modifiedBy: by,
    depth: 1,
    claimNumber: 0,
    retryCount: 0,
    ...(operation.isPlatformGenerated && { isPlatformGenerated: true }),
    watchAt: new Date(now + WATCH_AFTER_CREATE_MS).toISOString(),
    ...inputIfSmall(JSON.stringify(input), texts),
  };
}

function inputIfSmall(input: string, { name = '', description = '' }: RowTexts): { input?: string } {
  const bytes = Buffer.byteLength(input) + Buffer.byteLength(name) + Buffer.byteLength(description);
  return bytes <= ORDER_ON_ROW_BYTES ? { input } : {};
}
