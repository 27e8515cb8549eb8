import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditItem, partOf } from '../../shared/aws/audit-item.ts';
import { DynamoAudit } from '../../shared/aws/dynamo-audit.ts';
import { entryIdOf } from '../../shared/job/audit-entry.ts';
import { aJob, at } from '../support/a-job.ts';
import { anOperation, aWorld } from '../support/a-world.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { serviceOn } from '../support/on-emulators.ts';
import { auditSuite } from './suites/audit.ts';

describe('the audit in memory', () => {
  auditSuite(async () => aWorld());
});

describe('the audit on DynamoDB', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  auditSuite(() => serviceOn(emulators, anOperation()));

  it('pages go on behind a rerun that was written when names had no id of the new job', async () => {
    const { jobDetails } = await emulators.freshTables();
    const audit = new DynamoAudit(emulators.tables, jobDetails);
    const job = aJob();
    const rerun = { at: at(2), by: 'olga', verb: 'rerun', claimNumber: 1, newJobId: aJob().jobId } as const;
    const before = { at: at(1), by: 'olga', verb: 'cancel', claimNumber: 1 } as const;
    const { newJobId: _later, ...named } = rerun;
    const Item = { ...auditItem(job, rerun), part: partOf(entryIdOf(named)) };
    await emulators.tables.send(new PutCommand({ TableName: jobDetails, Item }));
    await audit.add(job, before);
    const [newest] = await audit.latest(job, { limit: 1 });
    expect(newest).toEqual(rerun);
    expect(await audit.latest(job, { before: entryIdOf(rerun), limit: 1 })).toEqual([before]);
  });
});
