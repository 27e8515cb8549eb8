import { describe, expect, it } from '@jest/globals';
import type { LogLine } from '../../../shared/job/log-entry.ts';
import { aRunningJob } from '../../support/a-job.ts';
import { aLogHouse, numbersOf, textsOf, upTo, upwards } from '../../support/a-log.ts';
import { MemoryLogs } from '../../support/memory/memory-logs.ts';

/** Logs that count their writes, and can be told to take them one by one. */
class PacedLogs extends MemoryLogs {
  writes = 0;
  fault: Error | undefined;

  override async putPage(...args: Parameters<MemoryLogs['putPage']>): Promise<void> {
    this.writes++;
    // Whoever comes meanwhile comes now.
    await new Promise(setImmediate);
    if (this.fault !== undefined) throw this.fault;
    return super.putPage(...args);
  }
}

function aPacedLog() {
  const logs = new PacedLogs();
  const house = aLogHouse({ logs });
  const job = aRunningJob();
  return { ...house, logs, job, writer: house.writerOf(job) };
}
const soon = () => new Promise(setImmediate);

describe('an operation that logs much', () => {
  /** 256 bytes as they are counted. */
  const LINES: readonly [string, string, Partial<LogLine>][] = [
    ['long texts', 'x'.repeat(226), {}],
    ['long items', 'x'.repeat(100), { item: 'y'.repeat(126) }],
  ];

  it.each(LINES)(
    'goes on at its checkpoint as long as less than 256 KB wait: %s',
    async (_of, text, about) => {
      const { writer, logs, job } = aPacedLog();
      for (let n = 0; n < 1_023; n++) writer.add('info', text, about);
      await writer.keepUp();
      expect(logs.writes).toBe(0);
      writer.add('info', text, about);
      await writer.keepUp();
      expect(numbersOf(await upwards(job, logs))).toEqual(upTo(1_024));
    },
  );

  it('is held up for what came since it was held up last', async () => {
    const { writer, logs } = aPacedLog();
    for (let n = 0; n < 1_024; n++) writer.add('info', 'x'.repeat(226));
    await writer.keepUp();
    const { writes } = logs;
    writer.add('info', 'one more');
    await writer.keepUp();
    expect(logs.writes).toBe(writes);
  });
});

describe('a line', () => {
  it('is seen a second after it was said, whatever was said and written before', async () => {
    const { writer, logs, job, clock } = aPacedLog();
    const seen = async () => (await upwards(job, logs)).length;
    writer.add('info', 'first');
    clock.advance(1_000);
    await soon();
    await soon();
    clock.advance(500);
    writer.add('info', 'second');
    const counts = [await seen()];
    for (const ms of [999, 1]) {
      clock.advance(ms);
      await soon();
      await soon();
      counts.push(await seen());
    }
    expect(counts).toEqual([1, 1, 2]);
  });

  it('is written once, though its second is over after somebody has written it', async () => {
    const { writer, logs, clock } = aPacedLog();
    writer.add('info', 'first');
    await writer.write();
    clock.advance(10_000);
    await soon();
    expect(logs.writes).toBe(1);
  });

  it('that is said while others are being written comes after them', async () => {
    const { writer, logs, job } = aPacedLog();
    writer.add('info', 'first');
    const before = writer.write();
    writer.add('info', 'second');
    await Promise.all([before, writer.write()]);
    const lines = await upwards(job, logs);
    expect([textsOf(lines), numbersOf(lines)]).toEqual([
      ['first', 'second'],
      [1, 2],
    ]);
  });

  it('that is written by its alarm and could not be is written with the next one', async () => {
    const { writer, logs, job, clock, said } = aPacedLog();
    logs.fault = new Error('Throttled.');
    writer.add('info', 'first');
    clock.advance(1_000);
    await soon();
    await soon();
    logs.fault = undefined;
    writer.add('info', 'second');
    await writer.close();
    expect([textsOf(await upwards(job, logs)), said]).toEqual([
      ['first', 'second'],
      ['lines of a log were not written yet'],
    ]);
  });
});
