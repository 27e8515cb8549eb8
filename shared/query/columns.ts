import type { Job, TextColumn } from '../job/job.ts';
import { ALL_STATUSES, shownAs, stateOf } from '../job/status.ts';
import { extensionId } from '../service/extension-id.ts';
import { maxRetriesOf, type Operation, type Operations } from '../service/operation.ts';
import { seriesIdOf } from '../service/series/series.ts';
import { tokenKey } from '../service/token-key.ts';

export type ColumnType = 'string' | 'number' | 'date' | 'guid' | 'boolean';
/** Dates as milliseconds since 1970, texts and GUIDs in lower case; `undefined`: the row alone does not tell. */
export type Value = string | number | boolean | null;

export interface Column {
  /** As the interface of jobs calls it. */
  readonly name: string;
  /** As the Dataverse table `asyncoperation` calls it, and what else it may be called; all in lower case. */
  readonly logicalNames: readonly string[];
  readonly type: ColumnType;
  readonly isNullable: boolean;
  /** Upper and lower case are told apart. */
  readonly isExact?: true;
  /** Its text may be shortened on the row. */
  readonly text?: TextColumn;
  readonly valueOf: (job: Job, operations: Operations<never>) => Value | undefined;
}

type Get<T> = (job: Job, operation: Operation<never> | undefined) => T | undefined;
type Named = Pick<Column, 'name' | 'logicalNames'>;

const make = <T extends string | number | boolean>(
  { name, logicalNames }: Named,
  {
    type,
    isNullable,
    read,
    get,
  }: Pick<Column, 'type' | 'isNullable'> & { read: (value: T) => Value; get: Get<T> },
): Column => ({
  name,
  logicalNames,
  type,
  isNullable,
  valueOf(job, operations) {
    const value = get(job, operations.get(job.operation));
    return value === undefined ? null : read(value);
  },
});

const as = (name: string, ...others: string[]): Named => ({
  name,
  logicalNames: [name.toLowerCase(), ...others],
});
export const folded = (text: string): string => text.toLowerCase();
const itself = <T>(value: T): T => value;

const string = (name: string, get: Get<string>, { isNullable = false } = {}): Column =>
  make(as(name), { type: 'string', isNullable, read: folded, get });
const number = (name: string, get: Get<number>, { isNullable = false } = {}): Column =>
  make(as(name), { type: 'number', isNullable, read: itself, get });
const date = (name: string, get: Get<string>, { isNullable = true } = {}): Column =>
  make(as(name), { type: 'date', isNullable, read: Date.parse, get });
const boolean = (name: string, get: Get<boolean>): Column =>
  make<boolean>(as(name), {
    type: 'boolean',
    isNullable: false,
    read: itself,
    get: (job, operation) => get(job, operation) ?? false,
  });
const guid = (named: Named, get: Get<string>, { isNullable = false } = {}): Column =>
  make(named, { type: 'guid', isNullable, read: folded, get });
const user = (name: string, get: Get<string>, ...others: string[]): Column =>
  guid(as(name, `_${name.toLowerCase()}_value`, ...others), get);

const isShortened = ({ longTexts }: Job, column: TextColumn): boolean => longTexts?.includes(column) ?? false;

const longText = (text: TextColumn, { isNullable = true, isExact = false } = {}): Column => ({
  ...as(text),
  type: 'string',
  isNullable,
  ...(isExact && { isExact: true }),
  text,
  valueOf(job) {
    const value = job[text];
    if (value === undefined) return null;
    if (isShortened(job, text)) return undefined;
    return isExact ? value : folded(value);
  },
});

/** Rows carry the key of a long token, which is all that it takes to say whether it is a certain one. */
export const TOKEN_KEY: Column = {
  ...longText('dependencyToken', { isExact: true }),
  valueOf(job) {
    const { dependencyToken } = job;
    if (dependencyToken === undefined) return null;
    return isShortened(job, 'dependencyToken') ? dependencyToken : tokenKey(dependencyToken);
  },
};

/** What jobs can be filtered by. Payloads are not here: not everybody who may filter may see those. */
export const COLUMNS: readonly Column[] = [
  guid(as('jobId', 'asyncoperationid'), (job) => job.jobId),
  number('sequence', (job) => job.sequence),
  longText('name', { isNullable: false }),
  longText('description'),
  string('operation', (job) => job.operation),
  number('operationType', (_job, operation) => operation?.operationType, { isNullable: true }),
  string('lane', (job, operation) => job.lane ?? operation?.lane, { isNullable: true }),
  number('stateCode', (job) => stateOf(job.statusCode)),
  number('statusCode', (job) => job.statusCode),
  string('shownAs', shownAs),
  date('createdOn', (job) => job.createdOn, { isNullable: false }),
  date('modifiedOn', (job) => job.modifiedOn, { isNullable: false }),
  date('startedOn', (job) => job.startedOn),
  date('completedOn', (job) => job.completedOn),
  date('postponeUntil', (job) => job.postponeUntil),
  user('createdBy', (job) => job.createdBy),
  user('modifiedBy', (job) => job.modifiedBy),
  user('ownerId', (job) => job.ownerId, 'owninguser', '_owninguser_value'),
  longText('dependencyToken', { isExact: true }),
  number('depth', (job) => job.depth),
  number('retryCount', (job) => job.retryCount),
  number('maxRetries', maxRetriesOf),
  number('errorCode', (job) => job.errorCode, { isNullable: true }),
  number('executionTimeSpan', (job) => job.executionTimeSpan, { isNullable: true }),
  longText('message'),
  longText('friendlyMessage'),
  guid(as('inputBlobId'), (job) => job.inputBlobId, { isNullable: true }),
  guid(as('rerunOf'), (job) => job.rerunOf, { isNullable: true }),
  guid(as('owningExtensionId', '_owningextensionid_value'), (job) => extensionId(job.operation)),
  guid(as('seriesId'), seriesIdOf, { isNullable: true }),
  boolean('isPlatformGenerated', (job) => job.isPlatformGenerated),
  boolean('isWaitingForEvent', (job) => job.isWaitingForEvent),
  boolean('deleteOnSuccess', (job) => job.deleteOnSuccess !== undefined),
];

const BY_NAME: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap((column) => [column.name, ...column.logicalNames].map((name) => [name, column] as const)),
);

/** By its camelCase name or its Dataverse logical name. */
export const columnNamed = (name: string): Column | undefined => BY_NAME.get(name);

/** What a status alone tells. */
export const STATUS_VALUES: ReadonlyMap<Job['statusCode'], ReadonlyMap<string, Value>> = new Map(
  ALL_STATUSES.map((statusCode) => [
    statusCode,
    new Map<string, Value>([
      ['statusCode', statusCode],
      ['stateCode', stateOf(statusCode)],
    ]),
  ]),
);
