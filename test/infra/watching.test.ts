import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DEPLOYED, ofType, propertiesOf, synthesised } from '../support/template.ts';

const resources = synthesised(DEPLOYED);
const all = (type: string) => propertiesOf(resources, type);
const alarms = Object.fromEntries(
  all('AWS::CloudWatch::Alarm').map((alarm) => [
    String(alarm['AlarmName']).replace('longhaul-dev-', ''),
    alarm,
  ]),
);

describe('an alarm', () => {
  const functions = all('AWS::Lambda::Function').map(({ FunctionName }) =>
    String(FunctionName).replace('longhaul-dev-', ''),
  );

  it('is raised for everything that can fail: functions, queues, the API, and duties that are not done', () => {
    expect(Object.keys(alarms).toSorted()).toEqual(
      [
        ...functions.flatMap((name) => [`errors-${name}`, `throttles-${name}`]),
        ...['standard', 'bulk', 'timers'].flatMap((name) => [
          `dead-letters-${name}`,
          `oldest-message-${name}`,
        ]),
        'errors-http-api',
        'purge-did-not-run',
        'scan-did-not-run',
        'stream-behind-follow-stream',
      ].toSorted(),
    );
  });

  it('costs money, and the page on deploying says how many there are', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
    expect(page).toContain(`${Object.keys(alarms).length} alarms at`);
  });

  it('says what has happened, to a topic that the account’s alarms may publish to', () => {
    const [[topic] = []] = ofType(resources, 'AWS::SNS::Topic');
    for (const alarm of Object.values(alarms)) {
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: topic }], AlarmDescription: expect.any(String) });
    }
    // A policy of our own takes the place of the one that SNS gives a topic, by which alarms may publish.
    expect(all('AWS::SNS::TopicPolicy')).toMatchObject([
      {
        PolicyDocument: {
          Statement: expect.arrayContaining([
            expect.objectContaining({
              Effect: 'Allow',
              Action: 'sns:Publish',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Resource: { Ref: topic },
            }),
          ]),
        },
      },
    ]);
  });

  it.each(['standard', 'bulk'])(
    'counts the dead letters of %s as they pass, for they are rung again at once',
    (lane) => {
      expect(alarms[`dead-letters-${lane}`]).toMatchObject({
        MetricName: 'NumberOfMessagesReceived',
        Threshold: 0,
      });
    },
  );

  it('is raised for what should happen and does not', () => {
    for (const name of ['scan-did-not-run', 'purge-did-not-run']) {
      expect(alarms[name]).toMatchObject({
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
        MetricName: 'Invocations',
      });
    }
  });

  it('lets the day on which the clocks go back have its 25 hours', () => {
    const { Period, EvaluationPeriods } = alarms['purge-did-not-run'] ?? {};
    expect((Number(Period) * Number(EvaluationPeriods)) / 3_600).toBe(26);
  });

  // CloudWatch: a day at most, and a week if the periods are of an hour or more.
  it.each(Object.entries(alarms))('looks back no further than CloudWatch can: %s', (_name, alarm) => {
    const period = Number(alarm['Period']);
    const longest = period >= 3_600 ? 604_800 : 86_400;
    expect(period * Number(alarm['EvaluationPeriods'])).toBeLessThanOrEqual(longest);
  });
});

describe('the schedules', () => {
  it('fire the scan every quarter of an hour and the purge at 1 AM where the organisation is', () => {
    const there = synthesised({ ...DEPLOYED, timeZone: 'Europe/Berlin' });
    const when = propertiesOf(there, 'AWS::Scheduler::Schedule').map((schedule) => [
      schedule['Name'],
      schedule['ScheduleExpression'],
      schedule['ScheduleExpressionTimezone'],
    ]);
    expect(when).toEqual([
      ['longhaul-dev-purge', 'cron(0 1 * * ? *)', 'Europe/Berlin'],
      ['longhaul-dev-reprocess', 'cron(0/15 * * * ? *)', 'Etc/UTC'],
    ]);
  });

  it('tell a turn that fires twice from two turns', () => {
    const targets = all('AWS::Scheduler::Schedule').map(({ Target }) => Target);
    expect(targets).toHaveLength(2);
    for (const target of targets) {
      expect(target).toMatchObject({ Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}' });
    }
  });
});

describe('the dashboard', () => {
  const [board] = all('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(board?.['DashboardBody']);

  it.each([
    'Requests',
    'Latency',
    'Messages waiting',
    'Oldest message',
    'Dead letters',
    'Errors',
    'Write units',
  ])('shows %s', (title) => {
    expect(body).toContain(title);
  });

  it('has a name of its own in each region, for an account has one list of dashboards', () => {
    expect(board?.['DashboardName']).toEqual({ 'Fn::Join': ['-', ['longhaul-dev', { Ref: 'AWS::Region' }]] });
  });
});
