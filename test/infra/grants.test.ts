import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { DEPLOYED, grantsOf, grantsOfRole, ofType, propertiesOf, synthesised } from '../support/template.ts';

const resources = synthesised(DEPLOYED);
const mayDo = (functionName: string, pattern: RegExp): string[] =>
  grantsOf(resources, functionName)
    .filter((grant) => pattern.test(grant))
    .toSorted();

const Statements = z.object({
  PolicyDocument: z.object({
    Statement: z.array(z.looseObject({ Action: z.unknown(), Condition: z.unknown().optional() })),
  }),
});

const JOBS = / on StorageJobs(\/|$)/;
const CHAINS = / on StorageChains(\/|$)/;
const WRITES_TABLE = /^dynamodb:(Put|Update|Delete|BatchWrite)/;

const withoutVersions = (grant: string) => grant.replace(/:\*$/, '');

const apiMay = (pattern: RegExp) => mayDo('longhaul-dev-api', pattern);
const workersMay = (pattern: RegExp) => mayDo('longhaul-dev-run-jobs-bulk', pattern);

describe('the API', () => {
  it('makes jobs, alone and by the batch, and changes and deletes them as people ask', () => {
    expect(apiMay(WRITES_TABLE).filter((grant) => JOBS.test(grant) && !grant.includes('/index/'))).toEqual([
      'dynamodb:BatchWriteItem on StorageJobs',
      'dynamodb:DeleteItem on StorageJobs',
      'dynamodb:PutItem on StorageJobs',
      'dynamodb:UpdateItem on StorageJobs',
    ]);
  });

  it('puts jobs at the end of a line, and takes canceled ones out of it', () => {
    expect(apiMay(CHAINS)).toEqual([
      'dynamodb:DeleteItem on StorageChains',
      'dynamodb:PutItem on StorageChains',
      'dynamodb:Query on StorageChains',
      'dynamodb:UpdateItem on StorageChains',
    ]);
  });

  it('reads details of jobs and assets, exports and uploaded inputs, and no files', () => {
    expect(apiMay(/^s3:GetObject.*\//)).toEqual([
      's3:GetObject on StorageBlobsBucket/asset-details/*',
      's3:GetObject on StorageBlobsBucket/exports/*',
      's3:GetObject on StorageBlobsBucket/inputs/*',
      's3:GetObject on StorageBlobsBucket/job-details/*',
    ]);
  });

  it('rings now and later, and hears no ring', () => {
    expect(apiMay(/^sqs:(Send|Receive|Delete)/)).toEqual([
      'sqs:SendMessage on DoorbellsLanebulk',
      'sqs:SendMessage on DoorbellsLanestandard',
      'sqs:SendMessage on DoorbellsTimers',
    ]);
  });
});

describe('the API, which explains why a job waits', () => {
  it('counts the rings of the lanes, and of no other queue', () => {
    expect(apiMay(/^sqs:Get/)).toEqual([
      'sqs:GetQueueAttributes on DoorbellsLanebulk',
      'sqs:GetQueueAttributes on DoorbellsLanestandard',
    ]);
  });
});

describe('the workers', () => {
  it('move jobs, create them anew, and delete them: those that somebody deleted, and by the batch what the purge takes', () => {
    const writes = workersMay(WRITES_TABLE).filter((grant) => JOBS.test(grant) && !grant.includes('/index/'));
    expect(writes).toEqual([
      'dynamodb:BatchWriteItem on StorageJobs',
      'dynamodb:DeleteItem on StorageJobs',
      'dynamodb:PutItem on StorageJobs',
      'dynamodb:UpdateItem on StorageJobs',
    ]);
  });

  it('take jobs out of their line, and put those into it that they create anew, and occurrences of series', () => {
    const writes = workersMay(WRITES_TABLE).filter((grant) => CHAINS.test(grant));
    expect(writes).toEqual([
      'dynamodb:DeleteItem on StorageChains',
      'dynamodb:PutItem on StorageChains',
      'dynamodb:UpdateItem on StorageChains',
    ]);
  });

  it('move series on, and end none', () => {
    const writes = workersMay(WRITES_TABLE).filter((grant) => / on StorageSeries(\/|$)/.test(grant));
    expect(writes).toEqual(['dynamodb:PutItem on StorageSeries']);
  });

  it('read all files, inputs in the copies of their jobs alone, and write details of jobs and assets only', () => {
    expect(workersMay(/^s3:PutObject /)).toEqual([
      's3:PutObject on StorageBlobsBucket/asset-details/*',
      's3:PutObject on StorageBlobsBucket/job-details/*',
    ]);
    expect(workersMay(/^s3:GetObject/)).toEqual([
      's3:GetObject on StorageBlobsBucket/assets/*',
      's3:GetObject on StorageBlobsBucket/job-details/*',
    ]);
  });

  it('see nothing of what is told: they parse files of strangers', () => {
    expect(workersMay(/Notifications$/)).toEqual([]);
  });

  it('delete no file and no asset', () => {
    expect(workersMay(/^(dynamodb:(Delete|BatchWrite)|s3:Delete)/)).toEqual([
      'dynamodb:BatchWriteItem on StorageJobDetails',
      'dynamodb:BatchWriteItem on StorageJobs',
      'dynamodb:DeleteItem on StorageChains',
      'dynamodb:DeleteItem on StorageJobDetails',
      'dynamodb:DeleteItem on StorageJobs',
      's3:DeleteObject on StorageBlobsBucket/job-details/*',
    ]);
  });
});

const sends = (context: Readonly<Record<string, string>>) =>
  grantsOf(synthesised(context), 'longhaul-dev-follow-stream').filter((grant) => grant.startsWith('ses:'));

describe('the function that tells what became of jobs', () => {
  it('sends no mails if the context names no sender', () => {
    expect(sends(DEPLOYED)).toEqual([]);
  });

  it('sends mails in the name of the sender, by the address or its domain, and of nobody else', () => {
    const context = { ...DEPLOYED, mailFrom: 'jobs@example.com' };
    const identities = sends(context).map(
      (grant) => /^ses:SendEmail on .*:identity\/([^"]+)"/.exec(grant)?.[1],
    );
    expect(identities).toEqual(['jobs@example.com', 'example.com']);
    const named = JSON.stringify(propertiesOf(synthesised(context), 'AWS::IAM::Policy'));
    expect(named).toContain('"StringEquals":{"ses:FromAddress":"jobs@example.com"}');
  });
});

/** The function of our own that sends what could not be sent. */
const TELLS = 'lambda:InvokeFunction on NotificationsFollowStreamFunction';

describe('functions of the organisation', () => {
  const named = synthesised({ ...DEPLOYED, functions: 'make-report, nightly_import' });
  const called = (name: string) =>
    grantsOf(named, `longhaul-dev-${name}`).filter((grant) => grant.startsWith('lambda:'));

  it('are called by the workers, and of all functions only those that the context names', () => {
    for (const worker of ['run-jobs-standard', 'run-jobs-bulk']) {
      const names = called(worker).map(
        (grant) => /^lambda:InvokeFunction on .*:function:([\w-]+)/.exec(grant)?.[1],
      );
      // The last one is ours, which has the channels of notifications.
      expect(names).toEqual(['make-report', 'nightly_import', undefined]);
      expect(called(worker)).toContain(TELLS);
    }
    const others = ['api', 'reprocess', 'purge', 'wake-jobs'].flatMap(called);
    expect(others.filter((grant) => grant.includes('Invoke'))).toEqual([TELLS]);
  });

  it('are none if the context names none', () => {
    expect(workersMay(/^lambda:/)).toEqual([TELLS]);
  });
});

const LANES = ['sqs:SendMessage on DoorbellsLanebulk', 'sqs:SendMessage on DoorbellsLanestandard'];
const TIMERS = 'sqs:SendMessage on DoorbellsTimers';
const WORKERS_WRITE = [
  'dynamodb:BatchWriteItem on StorageJobDetails',
  'dynamodb:BatchWriteItem on StorageJobs',
  'dynamodb:DeleteItem on StorageChains',
  'dynamodb:DeleteItem on StorageJobDetails',
  'dynamodb:DeleteItem on StorageJobs',
  'dynamodb:PutItem on StorageChains',
  'dynamodb:PutItem on StorageJobDetails',
  'dynamodb:PutItem on StorageJobs',
  'dynamodb:PutItem on StorageSeries',
  'dynamodb:UpdateItem on StorageAssets',
  'dynamodb:UpdateItem on StorageChains',
  'dynamodb:UpdateItem on StorageJobDetails',
  'dynamodb:UpdateItem on StorageJobs',
  's3:DeleteObject on StorageBlobsBucket/job-details/*',
  's3:PutObject on StorageBlobsBucket/asset-details/*',
  's3:PutObject on StorageBlobsBucket/job-details/*',
  TELLS,
  ...LANES,
  TIMERS,
];
const DUTIES_WRITE = [
  'dynamodb:PutItem on StorageJobs',
  'dynamodb:UpdateItem on StorageJobDetails',
  ...LANES,
  TIMERS,
];

/** What admins change while the service runs: exactly the purge's schedule, and how many rings a lane takes at once. */
const CONTROLS = [
  'iam:PassRole on UpkeeppurgeScheduleRole',
  'lambda:UpdateEventSourceMapping on BulkLaneRunJobs',
  'lambda:UpdateEventSourceMapping on StandardLaneRunJobs',
  'scheduler:UpdateSchedule on UpkeeppurgeSchedule',
];

/** Who may write where: all that each function may change, and nobody may change anything else. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  api: [
    'dynamodb:BatchWriteItem on StorageJobDetails',
    'dynamodb:BatchWriteItem on StorageJobs',
    'dynamodb:DeleteItem on StorageChains',
    'dynamodb:DeleteItem on StorageJobs',
    'dynamodb:DeleteItem on StorageSeries',
    'dynamodb:PutItem on StorageAssets',
    'dynamodb:PutItem on StorageChains',
    'dynamodb:PutItem on StorageJobDetails',
    'dynamodb:PutItem on StorageJobs',
    'dynamodb:PutItem on StorageSeries',
    'dynamodb:PutItem on StorageSettings',
    'dynamodb:PutItem on StorageNotifications',
    'dynamodb:UpdateItem on StorageNotifications',
    TELLS,
    'dynamodb:UpdateItem on StorageAssets',
    'dynamodb:UpdateItem on StorageChains',
    'dynamodb:UpdateItem on StorageJobDetails',
    'dynamodb:UpdateItem on StorageJobs',
    's3:DeleteObject on StorageBlobsBucket/job-details/*',
    's3:PutObject on StorageBlobsBucket/assets/*',
    's3:PutObject on StorageBlobsBucket/exports/*',
    's3:PutObject on StorageBlobsBucket/inputs/*',
    's3:PutObject on StorageBlobsBucket/job-details/*',
    ...CONTROLS,
    ...LANES,
    TIMERS,
  ],
  'run-jobs-standard': WORKERS_WRITE,
  'run-jobs-bulk': WORKERS_WRITE,
  'wake-jobs': [...LANES, TIMERS],
  'ring-again-standard': [TIMERS],
  'ring-again-bulk': [TIMERS],
  reprocess: [...DUTIES_WRITE, ...CONTROLS],
  purge: DUTIES_WRITE,
  'follow-stream': [
    'dynamodb:BatchWriteItem on StorageNotifications',
    'dynamodb:DeleteItem on StorageNotifications',
    'dynamodb:PutItem on StorageNotifications',
    'dynamodb:UpdateItem on StorageNotifications',
    'events:PutEvents on the default bus',
  ],
  'add-name-to-token': [],
};
const NAMES = propertiesOf(resources, 'AWS::Lambda::Function').map(({ FunctionName }) =>
  String(FunctionName).replace('longhaul-dev-', ''),
);
const withoutArn = (grant: string) =>
  grant.replace(/ on \{.*:event-bus\/default"\]\]\}$/, ' on the default bus');
const SEES =
  /^(dynamodb:(Get|BatchGet|Query|ConditionCheck|ListStreams|DescribeStream)|s3:(Get|List)|sqs:(Receive|Delete|Change|Get)|scheduler:Get|lambda:Get)|^(logs|xray):/;

describe('a function', () => {
  it.each(NAMES)('may write where its work is, and nowhere else: %s', (name) => {
    const writes = grantsOf(resources, `longhaul-dev-${name}`).filter((grant) => !SEES.test(grant));
    expect(writes.map(withoutArn).toSorted()).toEqual(WRITES[name]?.toSorted());
  });

  it.each(NAMES)('may not do everything: %s', (name) => {
    const everything =
      /^(\*|\w+:\*) on |^(?!xray:|dynamodb:ListStreams).* on "?\*|Scan|DeleteTable|PutBucket|iam:(?!PassRole on UpkeeppurgeScheduleRole$)/;
    expect(mayDo(`longhaul-dev-${name}`, everything)).toEqual([]);
  });

  it.each(['wake-jobs', 'ring-again-standard', 'ring-again-bulk', 'add-name-to-token'])(
    'that has no use for data may not see any: %s',
    (name) => {
      expect(mayDo(`longhaul-dev-${name}`, /^(dynamodb|s3):/)).toEqual([]);
    },
  );

  it('that hands a role over hands it to the scheduler alone', () => {
    const statements = propertiesOf(resources, 'AWS::IAM::Policy').flatMap(
      (policy) => Statements.parse(policy).PolicyDocument.Statement,
    );
    const toScheduler = { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } };
    const passing = statements.filter(({ Action }) => JSON.stringify(Action).includes('iam:'));
    expect(passing.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['iam:PassRole', toScheduler],
      ['iam:PassRole', toScheduler],
    ]);
  });

  it('is started by whom it was made for: every permission names its source', () => {
    const permissions = propertiesOf(resources, 'AWS::Lambda::Permission');
    expect(permissions).toHaveLength(6);
    for (const permission of permissions) expect(permission).toHaveProperty('SourceArn');
  });
});

describe('a schedule', () => {
  const schedulers = ofType(resources, 'AWS::IAM::Role').filter(([, { Properties }]) =>
    JSON.stringify(Properties['AssumeRolePolicyDocument']).includes('scheduler.amazonaws.com'),
  );

  it('may start its own function, and that is all', () => {
    const grants = schedulers.map(([role]) => [
      ...new Set(grantsOfRole(resources, role).map(withoutVersions)),
    ]);
    expect(grants).toHaveLength(2);
    expect(grants).toEqual(
      expect.arrayContaining([
        ['lambda:InvokeFunction on UpkeeppurgeFunction'],
        ['lambda:InvokeFunction on UpkeepreprocessFunction'],
      ]),
    );
  });

  it('is one of this account and this stage, or it gets no role', () => {
    const [[group] = []] = ofType(resources, 'AWS::Scheduler::ScheduleGroup');
    for (const [, { Properties }] of schedulers) {
      const ours = {
        'aws:SourceAccount': { Ref: 'AWS::AccountId' },
        'aws:SourceArn': { 'Fn::GetAtt': [group, 'Arn'] },
      };
      expect(Properties['AssumeRolePolicyDocument']).toMatchObject({
        Statement: [{ Condition: { StringEquals: ours } }],
      });
    }
  });
});
