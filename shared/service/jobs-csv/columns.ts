import type { Json } from '../../job/json.ts';
import { cellOf } from '../csv.ts';

/** A job as it stands in a line of CSV. */
export interface CsvJob {
  /** As the API shows it, without payloads; texts are whole. */
  readonly shown: Readonly<Record<string, Json>>;
  /** The input as JSON text, if it is shown. */
  readonly data?: string;
  /** Why not, if not. */
  readonly dataNotShown?: 'not allowed' | 'too long' | 'uploaded';
}

type Column = readonly [name: string, value: (job: CsvJob) => Json | undefined];

const shown =
  (field: string) =>
  ({ shown: columns }: CsvJob): Json | undefined =>
    columns[field];

/** The Dataverse column that the service has under its own camelCase form. */
const same = (name: string): Column => [name, shown(name.charAt(0).toLowerCase() + name.slice(1))];

/** Dataverse has it, the service has nothing to say there. */
const empty = (name: string): Column => [name, () => undefined];

const progress =
  (field: string) =>
  ({ shown: { progress: facts } }: CsvJob): Json | undefined =>
    typeof facts === 'object' && facts !== null && !Array.isArray(facts) ? facts[field] : undefined;

/** The columns of Dataverse's table of system jobs, in the order in which its documents list them. */
const DATAVERSE: readonly Column[] = [
  ['AsyncOperationId', shown('jobId')],
  same('CompletedOn'),
  same('CreatedBy'),
  same('CreatedOn'),
  ['Data', ({ data }) => data],
  same('DependencyToken'),
  same('Depth'),
  same('ErrorCode'),
  same('ExecutionTimeSpan'),
  same('FriendlyMessage'),
  same('IsWaitingForEvent'),
  same('Message'),
  ['MessageName', shown('operation')],
  same('ModifiedBy'),
  same('ModifiedOn'),
  same('Name'),
  same('OperationType'),
  same('OwnerId'),
  empty('OwningBusinessUnit'),
  same('OwningExtensionId'),
  empty('OwningTeam'),
  ['OwningUser', shown('ownerId')],
  same('PostponeUntil'),
  empty('PrimaryEntityType'),
  same('RecurrencePattern'),
  same('RecurrenceStartTime'),
  empty('RegardingObjectId'),
  same('RetryCount'),
  same('Sequence'),
  same('StartedOn'),
  same('StateCode'),
  same('StatusCode'),
  empty('UTCConversionTimeZoneCode'),
  empty('WorkflowStageName'),
];

const OURS: readonly Column[] = [
  same('ShownAs'),
  same('StateLabel'),
  same('StatusLabel'),
  same('Lane'),
  same('Description'),
  ['ProgressDone', progress('done')],
  ['ProgressTotal', progress('total')],
  ['ProgressPercent', progress('percent')],
  ['EtaSeconds', progress('etaSeconds')],
  same('MaxRetries'),
  same('RecurrenceTimeZone'),
  same('SeriesId'),
  same('RerunOf'),
  same('InputBlobId'),
  ['DataNotShown', ({ dataNotShown }) => dataNotShown],
  same('DeleteOnSuccess'),
  same('IsPlatformGenerated'),
];

const COLUMNS: readonly Column[] = [...DATAVERSE, ...OURS];

/** The first line. */
export const JOB_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name);

export const jobCells = (job: CsvJob): string[] => COLUMNS.map(([, value]) => cellOf(value(job)));
