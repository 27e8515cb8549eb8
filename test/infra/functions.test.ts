import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { variablesReadBy } from '../support/environment-read.ts';
import { sourceFiles } from '../support/source-files.ts';
import { DEPLOYED, LOCAL, propertiesOf, synthesised } from '../support/template.ts';

const Variables = z.object({ Variables: z.record(z.string(), z.unknown()) });

describe.each([
  ['a deployed stage', DEPLOYED, []],
  ['the local stage, and one to call from jobs', LOCAL, ['example']],
])('the functions of %s', (_stage, context, more) => {
  const resources = synthesised(context);
  const functions = propertiesOf(resources, 'AWS::Lambda::Function');
  const nameOf = ({ FunctionName }: Record<string, unknown>) =>
    String(FunctionName).replace(`longhaul-${context.stage}-`, '');

  it('are ten of our own', () => {
    expect(functions.map(nameOf).toSorted()).toEqual([
      'add-name-to-token',
      'api',
      ...more,
      'follow-stream',
      'purge',
      'reprocess',
      'ring-again-bulk',
      'ring-again-standard',
      'run-jobs-bulk',
      'run-jobs-standard',
      'wake-jobs',
    ]);
  });

  it('have exactly the environment variables that their code reads', () => {
    const set = functions.map((one) => [
      nameOf(one),
      Object.keys(Variables.parse(one['Environment'] ?? { Variables: {} }).Variables).toSorted(),
    ]);
    const read = functions.map((one) => [nameOf(one), variablesReadBy(nameOf(one))]);
    expect(Object.fromEntries(set)).toEqual(Object.fromEntries(read));
  });

  it('run on Node 24, are traced, and log lines that CloudWatch can search, but none for each call that went well', () => {
    for (const one of functions) {
      expect(one).toMatchObject({
        Runtime: 'nodejs24.x',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', LogGroup: expect.anything() },
      });
    }
  });

  it('keep their logs for a month, as the HTTP API does', () => {
    const groups = propertiesOf(resources, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(functions.length + 1);
    expect(new Set(groups.map(({ RetentionInDays }) => RetentionInDays))).toEqual(new Set([30]));
  });

  it('leave the concurrency of the account to all: none reserves a part of it', () => {
    for (const one of functions) expect(one).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('give only those messages back that failed, and run no more at once than they were told to', () => {
    const mappings = propertiesOf(resources, 'AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(6);
    for (const mapping of mappings)
      expect(mapping).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    const ofQueues = mappings.filter((mapping) => !('StartingPosition' in mapping));
    expect(ofQueues).toHaveLength(5);
    for (const mapping of ofQueues) {
      expect(mapping).toMatchObject({
        ScalingConfig: { MaximumConcurrency: expect.any(Number) },
      });
    }
  });

  it('are no custom resources: that would be code that runs nowhere but in a deployment', () => {
    const types = Object.values(resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^Custom::|CustomResource/.test(type))).toEqual([]);
  });
});

describe('what a function reads', () => {
  it('is found in its code, and in what it imports of the same room', () => {
    const files = [
      { path: 'functions/ring.ts', text: "import { thing } from './wiring/thing.ts';" },
      {
        path: 'functions/wiring/thing.ts',
        text: 'readEnvironment({ ...TimerEnvironment, ...AssetEnvironment });',
      },
    ];
    expect(variablesReadBy('ring-standard', files)).toEqual(['ASSETS_TABLE', 'TIMER_QUEUE_URL']);
  });

  it('is read in one place, so that nothing is read that is not declared', () => {
    const reading = sourceFiles('shared', 'functions').filter(({ text }) => text.includes('process.env'));
    expect(reading.map(({ path }) => path)).toEqual(['shared/lambda/environment.ts']);
  });
});
