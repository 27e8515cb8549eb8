import { describe, expect, it } from '@jest/globals';
import { type Import, importsOf, type SourceFile, sourceFiles } from '../support/source-files.ts';

/** From which rooms of the house a room may import; itself always. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'shared/job': [],
  'shared/service': ['shared/job'],
  'shared/assets': ['shared/job', 'shared/service'],
  'shared/query': ['shared/job', 'shared/service'],
  'shared/operations': ['shared/job', 'shared/service', 'shared/assets', 'shared/query'],
  'shared/aws': ['shared/job', 'shared/service', 'shared/assets', 'shared/query'],
  'shared/lambda': ['shared/job', 'shared/service'],
  functions: ['shared'],
  cdk: [],
  local: [],
  console: [],
};

/** Packages that belong to some rooms alone. */
const ONLY_IN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(@aws-sdk|@smithy)\//, ['shared/aws', 'local']],
  [/^(@middy|@aws-lambda-powertools)\//, ['shared/lambda']],
  [/^aws-lambda$/, ['shared/lambda', 'local']],
  [/^(aws-cdk-lib|constructs)($|\/)/, ['cdk']],
  [/^peggy$/, []],
  [/^(fauxqs|jose|esbuild|cli-progress)($|\/)/, ['local']],
];

const isIn = (path: string, room: string): boolean => path.startsWith(`${room}/`);

/** Why this import is not allowed, or nothing. */
function fault(importer: string, { of, name: imported }: Import): string | undefined {
  const room = Object.keys(MAY_IMPORT).find((name) => isIn(importer, name));
  if (room === undefined) return `${importer} lies in no room of the house`;
  if (of === 'file') {
    const allowed = [room, ...(MAY_IMPORT[room] ?? [])].some((name) => isIn(imported, name));
    return allowed ? undefined : `${importer} imports ${imported}, which ${room} may not know`;
  }
  if (room === 'shared/job') return `${importer} imports ${imported}, but shared/job is pure`;
  const [, owners] = ONLY_IN.find(([pattern]) => pattern.test(imported)) ?? [];
  if (owners === undefined || owners.some((owner) => isIn(importer, owner))) return undefined;
  return `${importer} imports ${imported}, which belongs to ${owners.join(' and ')}`;
}

const faultsOf = (files: readonly SourceFile[]): string[] =>
  files.flatMap((file) => importsOf(file).flatMap((imported) => fault(file.path, imported) ?? []));

const PRODUCT = sourceFiles('shared', 'functions', 'cdk', 'local', 'console');

describe('imports', () => {
  it('point one way through the house', () => {
    expect(faultsOf(PRODUCT)).toEqual([]);
  });

  it('are really read: the house is full of them', () => {
    expect(PRODUCT.flatMap(importsOf).length).toBeGreaterThan(400);
  });

  it.each([
    ['shared/job/job.ts', "import * as z from 'zod';"],
    ['shared/job/job.ts', "import type { Clock } from '../service/ports.ts';"],
    ['shared/service/run-job.ts', "import { OPERATIONS } from '../operations/registry.ts';"],
    ['shared/service/create-job.ts', "import type { SQSClient } from '@aws-sdk/client-sqs';"],
    ['shared/assets/path.ts', "import { processAssets } from '../operations/process-assets.ts';"],
    ['shared/operations/process-assets.ts', "export { S3Blobs } from '../aws/s3-blobs.ts';"],
    ['shared/aws/clients.ts', "import { log } from '../lambda/log.ts';"],
    ['shared/aws/clients.ts', "import middy from '@middy/core';"],
    ['shared/lambda/http.ts', "import { DynamoJobStore } from '../aws/dynamo-job-store.ts';"],
    ['shared/lambda/fifo.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['shared/lambda/http.ts', "import { jobRoutes } from '../../functions/api/jobs.ts';"],
    ['functions/run-jobs.ts', "import { Stack } from 'aws-cdk-lib';"],
    ['functions/run-jobs.ts', "const late = await import('../local/synth.ts');"],
    ['functions/api/jobs.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';"],
    ['cdk/api.ts', "import { OPERATIONS } from '../shared/operations/registry.ts';"],
    ['cdk/app.ts', "import '../functions/run-jobs.ts';"],
    ['local/start.ts', "import { parse } from '../shared/service/parse.ts';"],
    ['console/page.ts', "import type { Job } from '../shared/job/job.ts';"],
    ['shared/service/ports.ts', "import { aJob } from '../../test/support/a-job.ts';"],
    ['shared/attic/thing.ts', "import * as z from 'zod';"],
  ])('in the other direction are found: %s with %s', (path, text) => {
    expect(faultsOf([{ path, text }])).toHaveLength(1);
  });
});

/** Clock, random and ids are passed in: what reads them itself cannot be tested without waiting and luck. */
const READS_THE_WORLD = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bprocess\.env\b/;
const worldly = (files: readonly SourceFile[]): string[] =>
  files.filter(({ text }) => READS_THE_WORLD.test(text)).map(({ path }) => path);

describe('clock, random, ids and environment', () => {
  it('are read by nothing that decides', () => {
    const deciding = sourceFiles(
      'shared/job',
      'shared/service',
      'shared/query',
      'shared/assets',
      'shared/operations',
    );
    expect(worldly(deciding)).toEqual([]);
  });

  it.each(['Date.now()', 'new Date()', 'Math.random()', 'randomUUID()', "process.env['A']"])(
    'are found where they are read: %s',
    (text) => {
      expect(worldly([{ path: 'shared/job/job.ts', text: `const value = ${text};` }])).toHaveLength(1);
    },
  );
});

/** Past a ceiling, look for the missing noun. */
const tooLong = (files: readonly SourceFile[], ceiling: number): string[] =>
  files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > ceiling ? [`${path} has ${lines} lines`] : [];
  });

describe('a file', () => {
  it('of the product has at most 250 lines, one with a handler or its wiring 40, one of the tests 400', () => {
    expect([
      ...tooLong(PRODUCT, 250),
      ...tooLong(sourceFiles('functions'), 40),
      ...tooLong(sourceFiles('test'), 400),
    ]).toEqual([]);
  });

  it('that is too long is found', () => {
    expect(tooLong([{ path: 'a.ts', text: 'x\n'.repeat(251) }], 250)).toEqual(['a.ts has 251 lines']);
  });
});
