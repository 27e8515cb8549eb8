import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../../../shared/job/job.ts';
import { Status } from '../../../../shared/job/status.ts';
import type { Caller } from '../../../../shared/service/caller.ts';
import { CSV_HEAD, csvRows, MAX_CELL } from '../../../../shared/service/jobs-csv/rows.ts';
import { at } from '../../../support/a-job.ts';
import { OPERATOR, READER } from '../../../support/callers.ts';
import { parseCsv, recordsOf } from '../../../support/parse-csv.ts';
import { aHouse } from './house.ts';

const DOCUMENTED =
  'AsyncOperationId,CompletedOn,CreatedBy,CreatedOn,Data,DependencyToken,Depth,ErrorCode,ExecutionTimeSpan,FriendlyMessage,IsWaitingForEvent,Message,MessageName,ModifiedBy,ModifiedOn,Name,OperationType,OwnerId,OwningBusinessUnit,OwningExtensionId,OwningTeam,OwningUser,PostponeUntil,PrimaryEntityType,RecurrencePattern,RecurrenceStartTime,RegardingObjectId,RetryCount,Sequence,StartedOn,StateCode,StatusCode,UTCConversionTimeZoneCode,WorkflowStageName';

async function rowOf(facts: Partial<Job>, caller: Caller = OPERATOR): Promise<Record<string, string>> {
  const house = aHouse(facts);
  const [record = {}] = recordsOf(CSV_HEAD + (await csvRows(house.all, caller, house)));
  return record;
}

describe('a job as a line of CSV', () => {
  it('begins with the columns of the table in the documents, in their order, and a byte order mark', () => {
    expect(CSV_HEAD.startsWith(`\uFEFF${DOCUMENTED},ShownAs,`)).toBe(true);
  });

  it('says what the job is', async () => {
    const row = await rowOf({
      statusCode: Status.Failed,
      completedOn: at(5_000),
      startedOn: at(1_000),
      dependencyToken: 'dam',
      errorCode: 2,
      executionTimeSpan: 3.25,
      retryCount: 1,
      progressDone: 1,
      progressTotal: 4,
      message: 'broken',
    });
    expect(row).toMatchObject({
      Data: '{"to":3}',
      StateCode: '3',
      StatusCode: '31',
      ShownAs: 'Fail',
      CompletedOn: at(5_000),
      DependencyToken: 'dam',
      ErrorCode: '2',
      ExecutionTimeSpan: '3.25',
      RetryCount: '1',
      ProgressPercent: '25',
      Message: 'broken',
      MessageName: 'count-to',
      OwningUser: 'olga',
      IsWaitingForEvent: 'false',
      OwningTeam: '',
      OwningExtensionId: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-5/),
    });
    expect(row['Sequence']).toMatch(/^\d{16}$/);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', "=cmd|'/c calc'!A1"])(
    'shows the name %j as text: no spreadsheet takes it for a formula',
    async (name) => {
      expect((await rowOf({ name }))['Name']).toBe(`'${name}`);
    },
  );

  it('keeps every other text, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.constantFrom('', ',', '"', '""', '\n', '\r\n', ';', '😀', '日本'),
        async (begin, rest) => {
          const name = begin + rest + begin;
          const { Name: shown = '' } = await rowOf({ name, description: name });
          expect(shown).not.toMatch(/^[=+\-@\t\r]/);
          expect([name, `'${name}`]).toContain(shown);
        },
      ),
    );
  });

  it('has one cell for each column', async () => {
    const house = aHouse({}, { name: 'a,b\r\n"c"' });
    const widths = parseCsv(CSV_HEAD + (await csvRows(house.all, OPERATOR, house))).map((row) => row.length);
    expect(new Set(widths).size).toBe(1);
  });

  it('has the whole of a text that is too long for the row', async () => {
    const house = aHouse({ name: 'short…', longTexts: ['name'] });
    for (const job of house.all) await house.details.putOrderText(job, 'name', 'the whole name');
    expect(recordsOf(CSV_HEAD + (await csvRows(house.all, OPERATOR, house)))[0]?.['Name']).toBe(
      'the whole name',
    );
  });
});

describe('the input of a job', () => {
  it('is shown to nobody who may not see it', async () => {
    const row = await rowOf({}, READER);
    expect([row['Data'], row['DataNotShown']]).toEqual(['', 'not allowed']);
  });

  it('is shown to a reader who owns it', async () => {
    expect((await rowOf({ ownerId: READER.id }, READER))['Data']).toBe('{"to":3}');
  });

  it.each([
    ['is shown as long as it fits into a cell', MAX_CELL - 2, ''],
    ['is left out whole where it does not', MAX_CELL - 1, 'too long'],
  ])('%s', async (_what, length, dataNotShown) => {
    const { input: _row, ...job } = aHouse({}).all[0] ?? {};
    const house = aHouse({ ...job });
    const [stored] = house.all;
    if (stored === undefined) throw new Error('There is no job.');
    const { input: _short, ...bare } = stored;
    await house.details.putInput(bare, 'x'.repeat(length));
    const [row] = recordsOf(CSV_HEAD + (await csvRows([bare], OPERATOR, house)));
    expect(row?.['DataNotShown']).toBe(dataNotShown);
    expect(row?.['Data']).toHaveLength(dataNotShown === '' ? MAX_CELL : 0);
  });

  it('is not shown where it was uploaded', async () => {
    const row = await rowOf({ inputBlobId: 'blob-1' });
    expect([row['Data'], row['DataNotShown'], row['InputBlobId']]).toEqual(['', 'uploaded', 'blob-1']);
  });
});
