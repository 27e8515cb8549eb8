import { describe, expect, it } from '@jest/globals';
import { aRunningJob } from '../support/a-job.ts';
import { aLogHouse, downwards, numbersOf, textsOf, upTo, upwards } from '../support/a-log.ts';
import { Life } from '../support/mortal.ts';

const sayMany = (writer: ReturnType<ReturnType<typeof aLogHouse>['writerOf']>, from: number, to: number) => {
  for (let n = from; n <= to; n++) writer.add('info', `line ${n}`);
};

describe('a worker that dies at any call of its log', () => {
  it('loses no line that it had written, and its successor goes on without a gap or a double', async () => {
    const batches = [30, 1, 300, 2_100, 5, 40, 40, 40, 40, 40, 40, 40, 40, 40, 2_500, 40];
    const whole = new Life();
    await run(batches, whole);
    expect(whole.steps).toBeGreaterThan(15);
    for (let atStep = 1; atStep <= whole.steps; atStep++) {
      for (const when of ['before', 'after'] as const) await run(batches, new Life({ atStep, when }));
    }
  });
});

/** The lines of the batch under work are said again by the successor, as after a checkpoint that was not saved. */
async function run(batches: readonly number[], life: Life): Promise<void> {
  const { logs, writerOf, said: complaints } = aLogHouse();
  const job = aRunningJob();
  let writer = writerOf(job, 1, life.through(logs));
  let claim = 1;
  let kept = 0;
  for (const lines of batches) {
    sayMany(writer, kept + 1, kept + lines);
    await writer.write();
    if (complaints.splice(0).length > 0) {
      writer = writerOf(job, ++claim);
      sayMany(writer, kept + 1, kept + lines);
      await writer.write();
    }
    kept += lines;
  }
  const all = await upwards(job, logs);
  expect(numbersOf(all)).toEqual(upTo(all.length));
  const said = textsOf(all).map((text) => Number(text.replace('line ', '')));
  // What was under work is said again and may be there twice, under numbers of its own; nothing is missing, and the order holds.
  expect([...new Set(said)]).toEqual(upTo(kept));
  expect(all.length - kept).toBeLessThanOrEqual(Math.max(...batches));
  expect(await downwards(job, logs)).toEqual(all.toReversed());
}
