import { describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { readStage } from '../../cdk/stage.ts';
import { DEPLOYED, LOCAL, type Resources, synthesised } from '../support/template.ts';

const stageOf = (context: Record<string, unknown>) => readStage(new App({ context }).node);

describe('the context of a stage', () => {
  it.each(['issuer', 'audience'])('has issuer and audience, or neither: %s alone is refused', (name) => {
    const foreign = { issuer: 'https://issuer.example.com', audience: 'longhaul' };
    expect(() => stageOf({ [name]: foreign[name === 'issuer' ? 'issuer' : 'audience'] })).toThrow(
      'go together',
    );
    expect(stageOf(foreign).foreignIssuer).toEqual({ issuer: foreign.issuer, audience: ['longhaul'] });
  });

  it('is the stage dev with a user pool and 1 AM in UTC if nothing else is said', () => {
    const stage = stageOf({});
    expect(stage).toMatchObject({ name: 'dev', isLocal: false, timeZone: 'UTC' });
    expect(stage).not.toHaveProperty('foreignIssuer');
  });

  it.each([
    'Prod',
    '1st',
    'a_b',
    '',
    'x'.repeat(21),
    'prod/../x',
    'prod-data', // the data of a stage "prod"
    'myaws', // Cognito allows neither of these in the name of a domain
    'amazons',
    'cognito1',
  ])('cannot be called "%s"', (stage) => {
    expect(() => stageOf({ ...DEPLOYED, stage })).toThrow('stage');
  });

  it.each([
    ['an issuer that is no URL', { issuer: 'issuer' }],
    ['an empty audience', { issuer: 'https://a.example', audience: '' }],
    ['a time zone that is none', { timeZone: 'Europe/Atlantis' }],
    ['an offset for a time zone, which has no summer', { timeZone: '+01:00' }],
    ['an alarm address that is none', { alarmEmail: 'ops' }],
    ['a sender that is none', { mailFrom: 'Longhaul' }],
    ['a function by its ARN', { functions: 'arn:aws:lambda:eu-west-1:123456789012:function:report' }],
    ['all functions', { functions: '*' }],
  ])('cannot have %s', (_what, facts) => {
    expect(() => stageOf({ ...DEPLOYED, ...facts })).toThrow();
  });
});

describe('the workers at once on one machine', () => {
  it.each([
    [1, 2],
    [4, 2],
    [8, 4],
    [16, 8],
  ])('with %d processors are %d', (cores, workers) => {
    expect(stageOf({ stage: 'local', cores: String(cores) }).lanes.bulk.maxConcurrency).toBe(workers);
  });
});

/** The leaves of a template by their path; names of the stage and of bundles made the same. */
function leavesOf(resources: Resources, stage: string): Map<string, unknown> {
  const text = JSON.stringify(resources)
    .replaceAll(`longhaul-${stage}`, 'longhaul-stage')
    .replaceAll(`Longhaul-${stage}`, 'Longhaul-stage')
    .replaceAll(`Longhaul ${stage}`, 'Longhaul stage')
    .replaceAll(`stage ${stage}`, 'stage stage')
    .replaceAll(`"Key":"stage","Value":"${stage}"`, '"Key":"stage","Value":"stage"')
    .replaceAll(`"stage":"${stage}"`, '"stage":"stage"')
    .replaceAll(new RegExp(`Longhaul${stage}(\\w+?)[0-9A-F]{8,24}`, 'gi'), 'Longhaulstage$1')
    .replaceAll(/[0-9a-f]{64}\.zip/g, 'bundle.zip');
  const leaves = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) leaves.set(path, value);
    else for (const [key, item] of Object.entries(value)) walk(item, `${path}/${key}`);
  };
  walk(JSON.parse(text), '');
  return leaves;
}

describe('the local stage', () => {
  it('differs from a deployed one in numbers and in removal, and in nothing else', () => {
    // The local stage has a function of the organisation and a sender of mails too.
    const given = { functions: 'longhaul-dev-example', mailFrom: 'longhaul@example.org' };
    const deployed = leavesOf(synthesised({ ...DEPLOYED, ...given }), 'dev');
    const withoutExample = Object.entries(synthesised(LOCAL)).filter(([id]) => !id.startsWith('Example'));
    const local = leavesOf(Object.fromEntries(withoutExample), 'local');
    const different = [...new Set([...deployed.keys(), ...local.keys()])]
      .filter((path) => deployed.get(path) !== local.get(path))
      .map((path) => path.split('/').at(-1));
    expect(new Set(different)).toEqual(
      new Set([
        'BULK_CONCURRENCY',
        'STANDARD_CONCURRENCY',
        'DeletionPolicy',
        'UpdateReplacePolicy',
        'DeletionProtectionEnabled',
        'Timeout',
        'VisibilityTimeout',
        'MaximumConcurrency',
        'DeletionProtection',
      ]),
    );
  });
});
