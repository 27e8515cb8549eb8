import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import type { Lane } from '../job/lane.ts';
import { msOfSequence } from '../job/sequence.ts';
import { Status } from '../job/status.ts';
import { watchAtOf } from '../job/watch.ts';
import type { RowTexts } from './long-texts.ts';
import { ORDER_ON_ROW_BYTES } from './new-job.ts';
import type { Operation } from './operation.ts';

/** What a new row is made of. */
export interface RowFacts {
  readonly jobId: string;
  readonly operation: Pick<Operation<never>, 'name' | 'label' | 'isPlatformGenerated'>;
  /** Left out where it was uploaded. */
  readonly input?: Json | undefined;
  /** The creator, who is the owner too. */
  readonly by: string;
  readonly texts: RowTexts;
  readonly extras?: RowExtras;
}

export type RowExtras = Pick<
  Job,
  'postponeUntil' | 'maxRetries' | 'inputBlobId' | 'requestHash' | 'rerunOf' | 'deleteOnSuccess'
> & { readonly lane?: Lane; readonly depth?: number };

/** A row as it is created: never claimed; Ready, or Suspended until a date that lies ahead. */
export function newRow(facts: RowFacts, sequence: number): Job {
  const { jobId, operation, by, texts, extras: { postponeUntil, depth = 1, ...extras } = {} } = facts;
  const now = msOfSequence(sequence);
  const createdOn = new Date(now).toISOString();
  const { name = operation.label, ...others } = texts;
  const waits = postponeUntil !== undefined && Date.parse(postponeUntil) > now;
  const date = waits ? { postponeUntil } : {};
  return {
    jobId,
    sequence,
    operation: operation.name,
    name,
    ...others,
    ...extras,
    ...date,
    statusCode: waits ? Status.Waiting : Status.WaitingForResources,
    createdOn,
    createdBy: by,
    ownerId: by,
    modifiedOn: createdOn,
    modifiedBy: by,
    depth,
    claimNumber: 0,
    retryCount: 0,
    ...(operation.isPlatformGenerated && { isPlatformGenerated: true }),
    watchAt: watchAtOf({ ...others, ...date }, now),
    ...inputIfSmall(facts),
  };
}

/** Counted with all that the order brings beside it. */
function inputIfSmall({ input, texts, extras = {} }: RowFacts): { input?: string } {
  if (input === undefined) return {};
  const beside = Object.entries({ ...texts, ...extras }).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(input);
  const bytes = beside.reduce((sum, [name, value]) => sum + bytesOf(name, value), Buffer.byteLength(text));
  return bytes <= ORDER_ON_ROW_BYTES ? { input: text } : {};
}

/** Every row has a name; the other columns come with the order. */
const bytesOf = (column: string, value: unknown): number =>
  (column === 'name' ? 0 : column.length) + Buffer.byteLength(String(value));
