import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { LaneMapping } from '../../shared/aws/lane-mapping.ts';
import { PurgeSchedule } from '../../shared/aws/purge-schedule.ts';
import type { Control, PurgeTimes } from '../../shared/service/controls.ts';
import { callAws, startEventsFixture } from '../support/fixture/events-fixture.ts';
import { type Fixture, printed } from '../support/fixture/fixture.ts';
import { MemoryControl } from '../support/memory/memory-controls.ts';

/** What every control must do. */
function controlSuite<T>(control: () => Control<T>, values: readonly [T, T]): void {
  it('shows what it was set to last, also when it was that before', async () => {
    for (const value of [values[0], values[1], values[1]]) {
      await control().set(value);
      expect(await control().inForce()).toEqual(value);
    }
  });
}

const TIMES: readonly [PurgeTimes, PurgeTimes] = [
  { expression: 'cron(30 2 ? * SUN *)', timeZone: 'America/New_York' },
  { expression: 'rate(12 hours)', timeZone: 'UTC' },
];

describe('a control in memory', () => {
  const control = new MemoryControl(1);
  controlSuite(() => control, [2, 3]);
});

describe('the controls at AWS', () => {
  let fixture: Fixture;
  let schedule: PurgeSchedule;
  let mapping: LaneMapping;
  let uuid: string;

  const ofQueue = '/2015-03-31/event-source-mappings?EventSourceArn=arn:aws:sqs:us-east-1:000000000000:flood';
  const Mappings = z.object({ EventSourceMappings: z.tuple([z.looseObject({ UUID: z.string() })]) });
  const Endpoints = z.object({ scheduler: z.string(), lambda: z.string() });

  const tick = async () =>
    (await callAws(fixture, ['scheduler', 'GET /schedules/tick?groupName=upkeep'])).answer;

  beforeAll(async () => {
    fixture = await startEventsFixture();
    const endpoints = Endpoints.parse(printed(fixture, 'endpoints'));
    const common = { region: 'us-east-1', credentials: { accessKeyId: 'TEST', secretAccessKey: 'test' } };
    const scheduler = new SchedulerClient({ ...common, endpoint: endpoints.scheduler });
    schedule = new PurgeSchedule(scheduler, { group: 'upkeep', name: 'tick' });
    const { answer } = await callAws(fixture, ['lambda', `GET ${ofQueue}`]);
    uuid = Mappings.parse(answer).EventSourceMappings[0].UUID;
    mapping = new LaneMapping(new LambdaClient({ ...common, endpoint: endpoints.lambda }), uuid);
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  describe('the times of the purge', () => {
    controlSuite(() => schedule, TIMES);

    it('are all that changes of their schedule', async () => {
      const before = await tick();
      await schedule.set(TIMES[0]);
      expect(await tick()).toEqual({
        ...before,
        ScheduleExpression: TIMES[0].expression,
        ScheduleExpressionTimezone: TIMES[0].timeZone,
        LastModificationDate: expect.any(Number),
      });
    });
  });

  describe('the concurrency of a lane', () => {
    controlSuite(() => mapping, [5, 2]);

    it('is all that changes of its mapping', async () => {
      const route = `/2015-03-31/event-source-mappings/${uuid}`;
      const whole = async () => (await callAws(fixture, ['lambda', `GET ${route}`])).answer;
      const before = await whole();
      await mapping.set(7);
      const ScalingConfig = { MaximumConcurrency: 7 };
      expect(await whole()).toEqual({ ...before, ScalingConfig, LastModified: expect.any(Number) });
    });
  });
});
