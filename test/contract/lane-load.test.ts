import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqsDoorbell } from '../../shared/aws/sqs-doorbell.ts';
import { sqsLaneLoad } from '../../shared/aws/sqs-lane-load.ts';
import type { Lane } from '../../shared/job/lane.ts';
import type { LaneLoad, Load } from '../../shared/service/explain/lane-load.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { countingIds, idOf } from '../support/memory/counting-ids.ts';
import { MemoryLaneLoad } from '../support/memory/memory-lane-load.ts';

interface Busy {
  readonly laneLoad: LaneLoad;
  /** So many rings for jobs of their own are sent, and so many of them are being answered. */
  readonly gets: (lane: Lane, rings: number, answered: number) => Promise<void>;
}

const AT_ONCE = { standard: 7, bulk: 3 };

/** What everybody who counts the rings of a lane must do. */
function laneLoadSuite(aBusyLane: () => Promise<Busy>): void {
  const loadAfter = async (rings: number, answered: number): Promise<Load[]> => {
    const { laneLoad, gets } = await aBusyLane();
    await gets('bulk', rings, answered);
    return [await laneLoad.of('bulk'), await laneLoad.of('standard')];
  };

  it.each([
    [0, 0],
    [1, 0],
    [1, 1],
    [5, 2],
  ])('of %d rings, %d of which are being answered, counts those and the others', async (rings, answered) => {
    expect(await loadAfter(rings, answered)).toEqual([
      { lane: 'bulk', waiting: rings - answered, inFlight: answered, atOnce: 3 },
      { lane: 'standard', waiting: 0, inFlight: 0, atOnce: 7 },
    ]);
  });
}

describe('the load of lanes in memory', () => {
  laneLoadSuite(async () => {
    const bulk = new MemoryLaneLoad();
    const standard = new MemoryLaneLoad();
    standard.now = { waiting: 0, inFlight: 0, atOnce: AT_ONCE.standard };
    return {
      laneLoad: { of: (lane) => (lane === 'bulk' ? bulk : standard).of(lane) },
      gets: async (_lane, rings, answered) => {
        bulk.now = { waiting: rings - answered, inFlight: answered, atOnce: AT_ONCE.bulk };
      },
    };
  });
});

describe('the load of lanes by SQS', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  laneLoadSuite(async () => {
    const { queues } = emulators;
    const lanes = { standard: await emulators.freshQueue(), bulk: await emulators.freshQueue() };
    const doorbell = sqsDoorbell(queues, lanes, countingIds());
    return {
      laneLoad: sqsLaneLoad(queues, lanes, async () => AT_ONCE),
      gets: async (lane, rings, answered) => {
        for (let n = 1; n <= rings; n++) await doorbell.ring({ jobId: idOf(n), lane });
        for (let n = 0; n < answered; n++) {
          await queues.send(new ReceiveMessageCommand({ QueueUrl: lanes[lane], MaxNumberOfMessages: 1 }));
        }
      },
    };
  });
});
