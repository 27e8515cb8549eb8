import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJob } from '../../shared/service/create-job.ts';
import type { Checkpoint, Outcome, RunContext } from '../../shared/service/operation.ts';
import { upwards } from '../support/a-log.ts';
import { anOperation } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { answer, type Service, serviceOn } from '../support/on-emulators.ts';
import { countedTables, type Units } from '../support/units.ts';

const LINES = 1_000;
/** What the claim and the end of a job cost, and a cursor and a row for each checkpoint that is saved. */
const RUN = 3;
const CHECKPOINT = 2;

describe('what a log costs, in DynamoDB’s units', () => {
  let emulators: Emulators;
  let units: Units;
  let service: Service;
  let each = LINES;

  /** A thousand lines of about a hundred bytes, some each second. */
  async function* talk({ log }: RunContext<unknown>): AsyncGenerator<Checkpoint, Outcome, void> {
    for (let line = 1; line <= LINES; line++) {
      log(`Processed the file: 12 references, ${line % 7} of them broken.`, {
        item: `/content/dam/guides/topic-${(line * 7_919) % 10_007}.dita`,
      });
      if (line % each > 0) continue;
      service.clock.advance(1_000);
      yield { done: line, total: LINES, cursor: line };
    }
    return {};
  }

  beforeAll(async () => {
    const started = await startEmulators();
    const counted = countedTables();
    units = counted.units;
    emulators = Object.assign(started, { tables: counted.tables });
    service = await serviceOn(
      emulators,
      anOperation({ lane: 'standard', run: (_input, context) => talk(context) }),
    );
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  it.each([1_000, 250, 100, 60])('at most 20 for a thousand lines, %i a second', async (lines) => {
    each = lines;
    const { job } = await createJob({ operation: 'count-to', input: {} }, OPERATOR, service);
    Object.assign(units, { reads: 0, writes: 0 });
    for (const ring of service.doorbell.take()) await answer(ring, service, { lane: 'standard' });
    expect(units.writes).toBeGreaterThan(RUN);
    expect(units.writes - RUN - CHECKPOINT * Math.floor(LINES / lines)).toBeLessThanOrEqual(20);
    expect(await upwards(job, service.logs)).toHaveLength(LINES + 2);
  });
});
