import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import {
  DEPLOYED,
  LOCAL,
  ofType,
  propertiesOf,
  type Resources,
  stacksOf,
  synthesised,
} from '../support/template.ts';

const resources = synthesised(DEPLOYED);
const tables = propertiesOf(resources, 'AWS::DynamoDB::GlobalTable');
const buckets = propertiesOf(resources, 'AWS::S3::Bucket');

const Keys = z.array(z.object({ AttributeName: z.string() }));
const Indexes = z.array(
  z.object({ IndexName: z.string(), KeySchema: Keys, Projection: z.object({ ProjectionType: z.string() }) }),
);
const keysOf = (schema: unknown) => Keys.parse(schema).map(({ AttributeName }) => AttributeName);

describe('the tables', () => {
  it('are found by their keys', () => {
    const keys = tables.map(({ TableName, KeySchema }) => [TableName, keysOf(KeySchema)]);
    expect(Object.fromEntries(keys)).toEqual({
      'longhaul-dev-jobs': ['jobId'],
      'longhaul-dev-chains': ['token', 'sequence'],
      'longhaul-dev-job-details': ['jobId', 'part'],
      'longhaul-dev-assets': ['folder', 'name'],
      'longhaul-dev-settings': ['scope', 'name'],
      'longhaul-dev-series': ['seriesId'],
      'longhaul-dev-notifications': ['userId', 'notificationId'],
    });
  });

  it('have indexes that hold keys and nothing else, so that a write seldom touches them', () => {
    const indexes = tables.flatMap((table) => Indexes.parse(table['GlobalSecondaryIndexes'] ?? []));
    expect(new Set(indexes.map(({ Projection }) => Projection.ProjectionType))).toEqual(
      new Set(['KEYS_ONLY']),
    );
    const keys = indexes.map(({ IndexName, KeySchema }) => [IndexName, keysOf(KeySchema)]);
    expect(Object.fromEntries(keys)).toEqual({
      timeline: ['timelineShard', 'sequence'],
      open: ['openShard', 'watchAt'],
      outcome: ['outcomeShard', 'completedOn'],
      related: ['relatedTo', 'sequence'],
      watch: ['watchShard', 'watchAt'],
      unprocessed: ['unprocessedShard', 'modifiedOn'],
      all: ['kind', 'sequence'],
      unread: ['unreadOf', 'notificationId'],
    });
  });

  it('are paid for by use, can be taken back to any second, and cannot be deleted by mistake', () => {
    expect(tables).toHaveLength(7);
    for (const table of tables) {
      expect(table).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [
          {
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            DeletionProtectionEnabled: true,
          },
        ],
      });
    }
  });

  it('tell what happens to jobs, before and after, to whoever will listen', () => {
    const streams = tables.flatMap(({ TableName, StreamSpecification }) =>
      StreamSpecification === undefined ? [] : [[TableName, StreamSpecification]],
    );
    expect(streams).toEqual([['longhaul-dev-jobs', { StreamViewType: 'NEW_AND_OLD_IMAGES' }]]);
  });

  it('and the bucket are offered to the service whether it uses them or not, so that no upgrade is stuck on one', () => {
    const exported = Object.keys(stacksOf(DEPLOYED)['Longhaul-dev-data']?.Outputs ?? {});
    for (const table of ['Jobs', 'Chains', 'JobDetails', 'Assets', 'Settings', 'Series', 'Notifications']) {
      expect(exported).toContainEqual(expect.stringMatching(`OutputRefStorage${table}`));
      expect(exported).toContainEqual(expect.stringMatching(`AttStorage${table}.*Arn`));
    }
    expect(exported).toContainEqual(expect.stringMatching('OutputRefStorageBlobsBucket'));
    expect(exported).toContainEqual(expect.stringMatching('AttStorageBlobsBucket.*Arn'));
  });
});

describe('the buckets', () => {
  it('show blobs to nobody outside, and keep them encrypted', () => {
    expect(buckets).toHaveLength(2);
    for (const bucket of buckets) {
      expect(bucket).toMatchObject({
        BucketEncryption: expect.anything(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
    }
  });

  it('and queues and alarms are reached by TLS only', () => {
    const deniesPlainHttp = expect.arrayContaining([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
    const policies = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap(
      (type) => propertiesOf(resources, type),
    );
    expect(policies).toHaveLength(2 + 6 + 1);
    for (const policy of policies) {
      expect(policy['PolicyDocument']).toEqual(expect.objectContaining({ Statement: deniesPlainHttp }));
    }
  });

  it('take PUTs from browsers, and forget what was never finished', () => {
    const [blobs] = buckets.filter((bucket) => 'CorsConfiguration' in bucket);
    expect(blobs).toMatchObject({
      CorsConfiguration: { CorsRules: [{ AllowedMethods: ['PUT'] }] },
      LifecycleConfiguration: {
        Rules: expect.arrayContaining([
          expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
        ]),
      },
      LoggingConfiguration: expect.anything(),
    });
  });

  it('forget uploads for orders after a week and exports after a day; nothing else goes by its age', () => {
    const [blobs] = buckets.filter((bucket) => 'CorsConfiguration' in bucket);
    const { Rules } = z
      .object({
        Rules: z.array(
          z.looseObject({ Prefix: z.string().optional(), ExpirationInDays: z.number().optional() }),
        ),
      })
      .parse(blobs?.['LifecycleConfiguration']);
    const expiring = Rules.flatMap(({ Prefix, ExpirationInDays: days }) =>
      days === undefined ? [] : [[Prefix, days]],
    );
    expect(expiring).toEqual([
      ['inputs/', 7],
      ['exports/', 1],
    ]);
  });
});

const kept = (all: Resources): string[] => [
  ...new Set(
    Object.values(all).flatMap(({ Type, DeletionPolicy }) => (DeletionPolicy === 'Retain' ? [Type] : [])),
  ),
];

describe('destroying a stage', () => {
  it('leaves its tables, buckets and users, and nothing that would be in the way of deploying it anew', () => {
    expect(kept(resources).toSorted()).toEqual([
      'AWS::Cognito::UserPool',
      'AWS::DynamoDB::GlobalTable',
      'AWS::S3::Bucket',
    ]);
    expect(kept(stacksOf(DEPLOYED)['Longhaul-dev']?.Resources ?? {})).toEqual([]);
    for (const type of kept(resources)) {
      for (const [, { UpdateReplacePolicy }] of ofType(resources, type))
        expect(UpdateReplacePolicy).toBe('Retain');
    }
  });

  it('leaves nothing of the local one', () => {
    expect(kept(synthesised(LOCAL))).toEqual([]);
  });
});
