import { describe, expect, it } from '@jest/globals';
import { v5 } from 'uuid';
import type { Job } from '../../../../shared/job/job.ts';
import { Status } from '../../../../shared/job/status.ts';
import { getJob } from '../../../../shared/service/get-job.ts';
import { knownSeries } from '../../../../shared/service/jobs-csv/known-series.ts';
import { CSV_HEAD, csvRows } from '../../../../shared/service/jobs-csv/rows.ts';
import { presentJob } from '../../../../shared/service/present-job.ts';
import { relationTo } from '../../../../shared/service/series/series.ts';
import { at } from '../../../support/a-job.ts';
import { aSeries } from '../../../support/a-series.ts';
import { OPERATOR } from '../../../support/callers.ts';
import { recordsOf } from '../../../support/parse-csv.ts';
import { aHouse } from './house.ts';

const { seriesId, recurrence } = aSeries();
const ID = '0199a000-0000-7000-8000-000000000001';

/** An occurrence of a series, with all that a row may have; no job has all of it at once. */
const FULL: Partial<Job> = {
  jobId: ID,
  statusCode: Status.Failed,
  startedOn: at(1_000),
  completedOn: at(9_000),
  modifiedOn: at(9_000),
  modifiedBy: 'adam',
  dependencyToken: 'nightly',
  depth: 2,
  errorCode: 2,
  executionTimeSpan: 3.25,
  friendlyMessage: 'The disk is full.',
  message: 'ENOSPC',
  isWaitingForEvent: true,
  postponeUntil: at(500),
  retryCount: 1,
  relatedTo: relationTo(seriesId),
};

/** Each column of the documents' table: what a CSV says there, and what `GET /jobs/{jobId}` calls it. */
const EVERY: readonly (readonly [column: string, value: string, field: string | undefined])[] = [
  ['AsyncOperationId', ID, 'jobId'],
  ['CompletedOn', at(9_000), 'completedOn'],
  ['CreatedBy', 'olga', 'createdBy'],
  ['CreatedOn', at(), 'createdOn'],
  ['Data', '{"to":3}', 'input'],
  ['DependencyToken', 'nightly', 'dependencyToken'],
  ['Depth', '2', 'depth'],
  ['ErrorCode', '2', 'errorCode'],
  ['ExecutionTimeSpan', '3.25', 'executionTimeSpan'],
  ['FriendlyMessage', 'The disk is full.', 'friendlyMessage'],
  ['IsWaitingForEvent', 'true', 'isWaitingForEvent'],
  ['Message', 'ENOSPC', 'message'],
  ['MessageName', 'count-to', 'operation'],
  ['ModifiedBy', 'adam', 'modifiedBy'],
  ['ModifiedOn', at(9_000), 'modifiedOn'],
  ['Name', 'Count', 'name'],
  ['OperationType', '100000001', 'operationType'],
  ['OwnerId', 'olga', 'ownerId'],
  ['OwningBusinessUnit', '', undefined],
  ['OwningExtensionId', v5('count-to', v5.URL), 'owningExtensionId'],
  ['OwningTeam', '', undefined],
  ['OwningUser', 'olga', 'ownerId'],
  ['PostponeUntil', at(500), 'postponeUntil'],
  ['PrimaryEntityType', '', undefined],
  ['RecurrencePattern', recurrence.pattern, 'recurrencePattern'],
  ['RecurrenceStartTime', recurrence.startTime, 'recurrenceStartTime'],
  ['RegardingObjectId', '', undefined],
  ['RetryCount', '1', 'retryCount'],
  ['Sequence', 'the sequence of the row', 'sequence'],
  ['StartedOn', at(1_000), 'startedOn'],
  ['StateCode', '3', 'stateCode'],
  ['StatusCode', '31', 'statusCode'],
  ['UTCConversionTimeZoneCode', '', undefined],
  ['WorkflowStageName', '', undefined],
];

async function aHouseWithSeries(...facts: Partial<Job>[]) {
  const house = aHouse(...facts);
  await house.series.commit({ series: aSeries() });
  const [job] = house.all;
  if (job === undefined) throw new Error('There is no job.');
  return { house, job };
}

describe('every column of the table in the documents', () => {
  it.each(EVERY)('%s is in the CSV and in the job', async (column, value, field) => {
    const { house, job } = await aHouseWithSeries(FULL);
    const [row = {}] = recordsOf(CSV_HEAD + (await csvRows([job], OPERATOR, house)));
    expect(row[column]).toBe(column === 'Sequence' ? String(job.sequence) : value);
    const shown = presentJob(await getJob(ID, OPERATOR, house), {
      operations: house.operations,
      now: house.clock(),
    });
    const told = field === undefined ? '' : shown[field];
    expect(typeof told === 'string' ? told : JSON.stringify(told)).toBe(row[column]);
  });

  it('is named here, in the order of the documents', () => {
    const head = CSV_HEAD.slice(1).split(',', EVERY.length);
    expect(head).toEqual(EVERY.map(([column]) => column));
  });
});

/** What the service says of a job besides. */
const OURS: readonly (readonly [column: string, value: string])[] = [
  ['ShownAs', 'Active'],
  ['StateLabel', 'Locked'],
  ['StatusLabel', 'In Progress'],
  ['Lane', 'bulk'],
  ['Description', 'All of it'],
  ['ProgressDone', '1'],
  ['ProgressTotal', '4'],
  ['ProgressPercent', '25'],
  ['EtaSeconds', '30'],
  ['MaxRetries', '7'],
  ['RecurrenceTimeZone', 'Europe/Berlin'],
  ['SeriesId', seriesId],
  ['RerunOf', ID],
  ['InputBlobId', 'blob-1'],
  ['DataNotShown', 'uploaded'],
  ['DeleteOnSuccess', 'true'],
  ['IsPlatformGenerated', 'true'],
];

describe('the columns of the service', () => {
  it('come after those of the documents, and say what the job says', async () => {
    const house = aHouse({
      statusCode: Status.InProgress,
      startedOn: at(),
      lane: 'bulk',
      description: 'All of it',
      progressDone: 1,
      progressTotal: 4,
      maxRetries: 7,
      relatedTo: relationTo(seriesId),
      rerunOf: ID,
      inputBlobId: 'blob-1',
      deleteOnSuccess: true,
      isPlatformGenerated: true,
    });
    await house.series.commit({
      series: aSeries({ recurrence: { ...recurrence, timeZone: 'Europe/Berlin' } }),
    });
    house.clock.advance(10_000);
    const [row = {}] = recordsOf(CSV_HEAD + (await csvRows(house.all, OPERATOR, house)));
    expect(Object.entries(row).slice(EVERY.length)).toEqual(OURS);
  });

  it('of progress are empty where there is none', async () => {
    const house = aHouse({});
    const [row = {}] = recordsOf(CSV_HEAD + (await csvRows(house.all, OPERATOR, house)));
    const ofProgress = ['ProgressDone', 'ProgressTotal', 'ProgressPercent', 'EtaSeconds'];
    expect(ofProgress.map((column) => row[column])).toEqual(['', '', '', '']);
  });
});

describe('the series of occurrences', () => {
  const occurrences = Array.from({ length: 5 }, () => ({ relatedTo: relationTo(seriesId) }));

  it('is read once for an export, and nothing is read where there is none', async () => {
    const { house } = await aHouseWithSeries({}, ...occurrences, {
      relatedTo: relationTo('00000000-0000-4000-8000-00000000dead'),
    });
    const asked: string[] = [];
    const series = knownSeries({
      getAll(ids) {
        asked.push(...ids);
        return house.series.getAll(ids);
      },
    });
    const reader = { ...house, series };
    expect(await csvRows(house.all.slice(0, 1), OPERATOR, reader)).not.toContain('FREQ');
    expect(asked).toEqual([]);
    for (let page = 0; page < 3; page++) {
      const rows = recordsOf(CSV_HEAD + (await csvRows(house.all, OPERATOR, reader)));
      expect(rows.map((row) => row['RecurrencePattern'])).toEqual([
        '',
        ...occurrences.map(() => 'FREQ=DAILY;'),
        '',
      ]);
    }
    expect(asked).toEqual([seriesId, '00000000-0000-4000-8000-00000000dead']);
  });

  it('that is gone leaves its columns empty, but its id', async () => {
    const { house, job } = await aHouseWithSeries(...occurrences);
    await house.series.commit({ series: aSeries(), goes: true });
    const [row = {}] = recordsOf(CSV_HEAD + (await csvRows([job], OPERATOR, house)));
    expect([row['RecurrencePattern'], row['RecurrenceStartTime'], row['SeriesId']]).toEqual([
      '',
      '',
      seriesId,
    ]);
  });
});
