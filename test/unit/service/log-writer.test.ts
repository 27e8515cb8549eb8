import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LOG_SLOTS } from '../../../shared/service/log-store.ts';
import { TransitionRefused } from '../../../shared/service/ports.ts';
import { aRunningJob } from '../../support/a-job.ts';
import { aLogHouse, downwards, numbersOf, textsOf, upTo, upwards } from '../../support/a-log.ts';
import { MemoryLogs } from '../../support/memory/memory-logs.ts';
import { Life } from '../../support/mortal.ts';

const sayMany = (writer: ReturnType<ReturnType<typeof aLogHouse>['writerOf']>, from: number, to: number) => {
  for (let n = from; n <= to; n++) writer.add('info', `line ${n}`);
};

describe('a log', () => {
  it('says what was said, in order, with its numbers, from either end', async () => {
    const { logs, writerOf, clock } = aLogHouse();
    const job = aRunningJob();
    const writer = writerOf(job);
    writer.add('warn', 'broken', { item: '/content/dam/a.dita', etaSeconds: 7 });
    clock.advance(1_500);
    writer.add('debug', 'fine');
    await writer.write();
    const lines = await upwards(job, logs);
    expect(lines).toEqual([
      {
        number: 1,
        at: clock() - 1_500,
        level: 'warn',
        text: 'broken',
        item: '/content/dam/a.dita',
        etaSeconds: 7,
      },
      { number: 2, at: clock(), level: 'debug', text: 'fine' },
    ]);
    expect(await downwards(job, logs)).toEqual(lines.toReversed());
  });

  it('comes back as it was, however it was written, over any number of claims', async () => {
    const batches = fc.array(
      fc.record({ lines: fc.oneof(fc.nat(20), fc.nat(2_500)), isNewClaim: fc.boolean() }),
      { maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        const { logs, writerOf } = aLogHouse();
        const job = aRunningJob();
        let claim = 1;
        let writer = writerOf(job, claim);
        let said = 0;
        for (const { lines, isNewClaim } of all) {
          if (isNewClaim) writer = writerOf(job, ++claim);
          sayMany(writer, said + 1, said + lines);
          said += lines;
          await writer.write();
        }
        const lines = await upwards(job, logs);
        expect(numbersOf(lines)).toEqual(upTo(said));
        expect(textsOf(lines)).toEqual(upTo(said).map((n) => `line ${n}`));
        expect(await downwards(job, logs)).toEqual(lines.toReversed());
      }),
      { numRuns: 25 },
    );
  });

  it.each([1, 7, 49, 50, 200, 1_000])(
    'of a thousand lines, %i at a time, costs at most 20 write units, and hardly more than one a write',
    async (each) => {
      const logs = new Counting();
      const { writerOf } = aLogHouse({ logs });
      const job = aRunningJob();
      const writer = writerOf(job);
      for (let n = 1; n <= 1_000; n++) {
        writer.add('info', `Processed the file: 12 references, ${n % 7} of them broken.`, {
          item: `/content/dam/guides/topic-${(n * 7_919) % 10_007}.dita`,
          etaSeconds: 1_000 - n,
        });
        if (n % each === 0) await writer.write();
      }
      await writer.write();
      expect(logs.units).toBeLessThanOrEqual(Math.max(20, 1.1 * Math.ceil(1_000 / each)));
    },
  );

  it('keeps its newest pages in a few places that are used over and over', async () => {
    const { logs, writerOf } = aLogHouse();
    const job = aRunningJob();
    const writer = writerOf(job);
    for (let n = 1; n <= 3_000; n += 30) {
      sayMany(writer, n, n + 29);
      await writer.write();
    }
    const slots = (await logs.pages(job)).map(({ slot }) => slot);
    expect(slots.every((slot) => slot >= 0 && slot < LOG_SLOTS)).toBe(true);
    expect(numbersOf(await upwards(job, logs))).toEqual(upTo(3_000));
  });

  it('that nobody says anything in costs nothing, whatever the engine mentions', async () => {
    const life = new Life();
    const { writerOf, logs } = aLogHouse();
    const writer = writerOf(aRunningJob(), 3, life.through(logs));
    writer.mention('info', 'A worker took the job.');
    await writer.write();
    await writer.close();
    expect(life.steps).toBe(0);
  });

  it.each([
    [1, 1],
    [2, 3],
  ])('costs the claim %i so many calls at first: %i, and one for each later write', async (claim, calls) => {
    const life = new Life();
    const { writerOf, logs } = aLogHouse();
    const writer = writerOf(aRunningJob(), claim, life.through(logs));
    writer.add('info', 'first');
    await writer.write();
    expect(life.steps).toBe(calls);
    await writer.write();
    expect(life.steps).toBe(calls);
    writer.add('info', 'second');
    await writer.close();
    expect(life.steps).toBe(calls + 1);
  });

  it('takes what the engine mentions along with what is said', async () => {
    const { writerOf, logs } = aLogHouse();
    const job = aRunningJob();
    const writer = writerOf(job);
    writer.mention('info', 'taken');
    writer.add('info', 'said');
    writer.mention('info', 'done');
    await writer.close();
    expect(textsOf(await upwards(job, logs))).toEqual(['taken', 'said', 'done']);
  });

  it('is written a second after the first line, if nobody asks before', async () => {
    const { writerOf, logs, clock } = aLogHouse();
    const job = aRunningJob();
    writerOf(job).add('info', 'said');
    clock.advance(999);
    await Promise.resolve();
    expect(await upwards(job, logs)).toEqual([]);
    clock.advance(1);
    await new Promise(setImmediate);
    expect(textsOf(await upwards(job, logs))).toEqual(['said']);
  });

  it('asks for its limit only when it has become long', async () => {
    const { writerOf, settingsRead } = aLogHouse();
    const writer = writerOf(aRunningJob());
    sayMany(writer, 1, 999);
    await writer.write();
    expect(settingsRead()).toBe(0);
    sayMany(writer, 1_000, 5_000);
    await writer.write();
    await writer.write();
    expect(settingsRead()).toBe(1);
  });
});

describe('a log above its limit', () => {
  const MOST = 1_000;
  const long = async (last: number, each: number) => {
    const { logs, writerOf } = aLogHouse({ most: MOST });
    const job = aRunningJob();
    const writer = writerOf(job);
    for (let n = 1; n <= last; n += each) {
      sayMany(writer, n, Math.min(last, n + each - 1));
      await writer.write();
    }
    return { logs, job };
  };

  it.each([
    [1_001, 100],
    [1_700, 100],
    [5_000, 10],
    [5_000, 5_000],
    [30_000, 700],
  ])(
    'of %i lines, %i at a time, shows the first tenth and the newest, and says what is missing',
    async (last, each) => {
      const { logs, job } = await long(last, each);
      const lines = await upwards(job, logs);
      const gone = last - MOST;
      expect(numbersOf(lines)).toEqual([...upTo(100), 100 + gone, ...upTo(last).slice(100 + gone)]);
      expect(lines[100]).toMatchObject({ missing: gone, level: 'warn', at: lines[101]?.at });
      expect(lines[100]?.text).toContain(`${gone} `);
      expect(await downwards(job, logs)).toEqual(lines.toReversed());
    },
  );

  it('does not keep what it does not show', async () => {
    const { logs, job } = await long(60_000, 700);
    const segments = await logs.segments(job, { from: 1, to: 1e9, order: 'up', limit: 1_000 });
    expect(segments.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(MOST + 3 * 2_000);
  });

  it('can be followed from any place, also from within what is missing', async () => {
    const { logs, job } = await long(3_000, 700);
    for (const after of [0, 50, 99, 100, 101, 1_500, 2_099, 2_100, 2_500, 2_999, 3_000, 4_000]) {
      const all = (await upwards(job, logs)).filter(({ number }) => number > after);
      expect(numbersOf(await upwards(job, logs, after))).toEqual(numbersOf(all));
    }
  });
});

describe('a worker that was replaced', () => {
  it('changes nothing of what its successor has written, and learns of it', async () => {
    const { logs, writerOf } = aLogHouse();
    const job = aRunningJob();
    const [old, successor] = [writerOf(job, 1), writerOf(job, 2)];
    sayMany(old, 1, 5);
    await old.write();
    successor.add('info', 'new');
    await successor.write();
    old.add('info', 'stale');
    await expect(old.write()).rejects.toThrow(TransitionRefused);
    expect(textsOf(await upwards(job, logs))).toEqual([...upTo(5).map((n) => `line ${n}`), 'new']);
  });

  it('that goes on in places its successor has not come to is not believed', async () => {
    const { logs, writerOf } = aLogHouse();
    const job = aRunningJob();
    const successor = writerOf(job, 2);
    successor.add('info', 'new');
    await successor.write();
    const [page] = await logs.pages(job);
    if (page === undefined) throw new Error('There is a page.');
    await logs.putPage({ ...job, claimNumber: 1 }, 5, { ...page, first: 2 });
    await logs.putSegment({ ...job, claimNumber: 1 }, { ...page, first: 9 });
    expect(numbersOf(await upwards(job, logs)).slice(0, 1)).toEqual([1]);
    expect(textsOf(await upwards(job, logs))[0]).toBe('new');
  });
});

describe('a log that cannot be written', () => {
  it('is written later, with the same numbers, and nothing is lost', async () => {
    const logs = new MemoryLogs();
    const { writerOf, said } = aLogHouse({ logs });
    const job = aRunningJob();
    let isDown = true;
    const flaky = new Proxy(logs, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        return (...args: unknown[]) => {
          if (isDown) return Promise.reject(new Error('The table does not answer.'));
          return typeof member === 'function' ? (Reflect.apply(member, target, args) as unknown) : undefined;
        };
      },
    });
    const writer = writerOf(job, 1, flaky);
    sayMany(writer, 1, 10);
    await writer.write();
    expect(said).toEqual(['lines of a log were not written yet']);
    sayMany(writer, 11, 3_000);
    isDown = false;
    await writer.write();
    expect(numbersOf(await upwards(job, logs))).toEqual(upTo(3_000));
  });

  it('counts what comes when there is no room left, and says so', async () => {
    const { logs, writerOf } = aLogHouse({ most: 10_000_000 });
    const job = aRunningJob();
    const writer = writerOf(job);
    const LINES = 40_000;
    for (let n = 1; n <= LINES; n++) writer.add('info', 'x'.repeat(900));
    await writer.write();
    const lines = await upwards(job, logs);
    const last = lines.at(-1);
    expect(lines.length).toBeLessThan(20_000);
    expect(last).toMatchObject({ number: lines.length, level: 'warn' });
    expect(last?.text).toBe(
      `${LINES - lines.length + 1} lines are missing here: they came faster than they could be written.`,
    );
  });
});

/** Counts what DynamoDB would charge. */
class Counting extends MemoryLogs {
  units = 0;
  override putPage(...args: Parameters<MemoryLogs['putPage']>): Promise<void> {
    this.units += Math.ceil((args[2].packed.length + 150) / 1_024);
    return super.putPage(...args);
  }
  override putSegment(...args: Parameters<MemoryLogs['putSegment']>): Promise<void> {
    this.units++;
    return super.putSegment(...args);
  }
}
