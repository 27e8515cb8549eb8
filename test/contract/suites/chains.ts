import { beforeAll, describe, expect, it } from '@jest/globals';
import { isCompleted } from '../../../shared/job/status.ts';
import { eachOf } from '../../../shared/service/each-of.ts';
import {
  type Chains,
  JobExists,
  type JobStore,
  type LineEntry,
  type Link,
  TailAhead,
  type WatchedToken,
} from '../../../shared/service/ports.ts';
import { aJob, at } from '../../support/a-job.ts';
import { isRemoval, STEPS } from '../../support/all-steps.ts';
import { expected, jobIn, SITUATIONS, type Situation, wordsOf } from '../../support/situations.ts';

/** Jobs and the lines of their tokens, kept in the same place: a job and its place change together. */
export interface JobsInLine {
  readonly jobs: JobStore;
  readonly chains: Chains;
}

let tokens = 0;
const freshToken = (): string => `token ${++tokens} – 日本 😀/#`;

const anEntry = (token: string, sequence: number, facts: Partial<LineEntry['job']> = {}): LineEntry => ({
  job: { ...aJob(), sequence, ...facts, dependencyToken: token },
  lane: 'standard',
});
const linkOf = ({ job, lane }: LineEntry): Link => ({
  token: job.dependencyToken,
  sequence: job.sequence,
  jobId: job.jobId,
  lane,
});

const SOON = at(60_000);
const AT_ONCE = 32;

/** What every keeper of lines must do. */
export function chainsSuite(fresh: () => Promise<JobsInLine>): void {
  let world: JobsInLine;
  beforeAll(async () => {
    world = await fresh();
  });

  const inLine = async (...entries: LineEntry[]): Promise<LineEntry[]> => {
    for (const entry of entries) await world.chains.append([entry], SOON);
    return entries;
  };
  const watched = () => allWatched(world.chains);
  const watchOf = async (token: string) => (await watched()).get(token);

  describe('a job that is appended', () => {
    it('has its row and its place, and is the head of an idle token', async () => {
      const entry = anEntry(freshToken(), 1_000);
      await world.chains.append([entry], SOON);
      const { dependencyToken: token, jobId } = entry.job;
      expect(await world.jobs.get(jobId)).toEqual(entry.job);
      expect([await world.chains.head(token), await world.chains.tail(token)]).toEqual([
        linkOf(entry),
        1_000,
      ]);
      expect(await watchOf(token)).toBe(SOON);
    });

    it('stands behind those before it', async () => {
      const token = freshToken();
      const [first] = await inLine(anEntry(token, 5), anEntry(token, 9), anEntry(token, 10));
      expect([await world.chains.head(token), await world.chains.tail(token)]).toEqual([
        first && linkOf(first),
        10,
      ]);
    });

    it.each([9, 10])('is refused with the tail if its sequence %d is not above it', async (sequence) => {
      const token = freshToken();
      await inLine(anEntry(token, 10));
      const late = anEntry(token, sequence);
      await expect(world.chains.append([late], SOON)).rejects.toMatchObject({ code: 'TailAhead', last: 10 });
      expect(await world.jobs.get(late.job.jobId)).toBeUndefined();
      expect(await world.chains.tail(token)).toBe(10);
    });

    it('may be appended again, as by a client that repeats a write whose answer was lost', async () => {
      const token = freshToken();
      const [first, second] = [anEntry(token, 5), anEntry(token, 6)];
      await inLine(first, second, first);
      expect([await world.chains.head(token), await world.chains.tail(token)]).toEqual([linkOf(first), 6]);
    });

    it.each([
      ['also where the tail is ahead', 4],
      ['also where the tail is not', 7],
    ])('is refused if another one has its id: %s', async (_where, sequence) => {
      const token = freshToken();
      const [first] = await inLine(anEntry(token, 5));
      const other = anEntry(token, sequence, { jobId: first?.job.jobId ?? '' });
      const refused = world.chains.append([other], SOON);
      await expect(refused).rejects.toThrow(JobExists);
      await expect(refused).rejects.toMatchObject({ current: first?.job });
      expect(await world.chains.tail(token)).toBe(5);
    });

    it('does not move the date by which its token is looked at, where there is one', async () => {
      const token = freshToken();
      await world.chains.append([anEntry(token, 1)], at(5));
      await world.chains.append([anEntry(token, 2)], at(9));
      expect(await watchOf(token)).toBe(at(5));
    });
  });

  describe('several jobs that are appended at once', () => {
    it('stand in line in the order of their sequences, twenty-five of them', async () => {
      const token = freshToken();
      const entries = Array.from({ length: 25 }, (_, n) => anEntry(token, 100 + n));
      await world.chains.append(entries, SOON);
      expect(await world.chains.tail(token)).toBe(124);
      expect(await world.jobs.getAll(entries.map(({ job }) => job.jobId))).toEqual(
        entries.map(({ job }) => job),
      );
      expect(await drained(world, token)).toEqual(entries.map(({ job }) => job.jobId));
    });

    it('say who stands before them by the same write: their places may be seen one after the other', async () => {
      const token = freshToken();
      const entries = [anEntry(token, 100), anEntry(token, 105), anEntry(token, 107)];
      await world.chains.append(entries, SOON);
      await world.chains.append([anEntry(token, 110)], SOON);
      const before: (number | undefined)[] = [];
      await drained(world, token, ({ behind }) => before.push(behind));
      expect(before).toEqual([undefined, 100, 105, undefined]);
    });

    it('are all there or none: if one of them exists', async () => {
      const token = freshToken();
      const [there] = await inLine(anEntry(freshToken(), 3));
      const entries = [
        anEntry(token, 1),
        anEntry(token, 2, { jobId: there?.job.jobId ?? '' }),
        anEntry(token, 3),
      ];
      await expect(world.chains.append(entries, SOON)).rejects.toMatchObject({ current: there?.job });
      expect([await world.chains.head(token), await world.chains.tail(token)]).toEqual([undefined, 0]);
      expect(await world.jobs.get(entries[0]?.job.jobId ?? '')).toBeUndefined();
    });

    it('are all there or none: if one of them was appended before, alone', async () => {
      const token = freshToken();
      const [first] = await inLine(anEntry(token, 1));
      if (first === undefined) throw new Error('There is no first.');
      const both = [first, anEntry(token, 2)];
      await expect(world.chains.append(both, SOON)).rejects.toThrow(JobExists);
      expect(await world.chains.tail(token)).toBe(1);
    });

    it('are all there or none: if the tail is ahead of the first', async () => {
      const token = freshToken();
      await inLine(anEntry(token, 6));
      const entries = [anEntry(token, 5), anEntry(token, 7)];
      await expect(world.chains.append(entries, SOON)).rejects.toMatchObject({ last: 6 });
      expect(await world.chains.tail(token)).toBe(6);
    });

    it('may be appended again', async () => {
      const token = freshToken();
      const entries = [anEntry(token, 5), anEntry(token, 7)];
      await world.chains.append(entries, SOON);
      await world.chains.append(entries, SOON);
      expect(await drained(world, token)).toEqual(entries.map(({ job }) => job.jobId));
    });
  });

  describe('sixteen creators at one token', () => {
    it('commit in the order of their sequences: nobody gets in front of somebody who stands there', async () => {
      const token = freshToken();
      const committed: number[] = [];
      await Promise.all(
        Array.from({ length: 16 }, async (_, n) => {
          let entry = anEntry(token, 1_000 - n);
          for (let isIn = false; !isIn; ) {
            try {
              await world.chains.append([entry], SOON);
              committed.push(entry.job.sequence);
              isIn = true;
            } catch (error) {
              if (!(error instanceof TailAhead)) throw error;
              expect(error.last).toBeGreaterThanOrEqual(entry.job.sequence);
              entry = anEntry(token, error.last + 1, { jobId: entry.job.jobId });
            }
          }
        }),
      );
      expect(new Set(committed).size).toBe(16);
      expect(await world.chains.tail(token)).toBe(Math.max(...committed));
      expect(await drained(world, token)).toHaveLength(16);
    });
  });

  describe('a token that nobody has used', () => {
    it('has neither head nor tail nor line, and is not watched', async () => {
      const token = freshToken();
      const seen = [
        await world.chains.head(token),
        await world.chains.tail(token),
        await world.chains.line(token, { limit: 9 }),
        await watchOf(token),
      ];
      expect(seen).toEqual([undefined, 0, [], undefined]);
    });
  });

  const aWatched = async (watchAt = SOON): Promise<WatchedToken> => {
    const token = freshToken();
    await world.chains.append([anEntry(token, 7)], watchAt);
    return { token, watchAt };
  };

  describe('the watch of a token', () => {
    it('moves to another date, or ends', async () => {
      const seen = await aWatched();
      expect(await world.chains.watch(seen, { tail: 7, watchAt: at(1) })).toBe(true);
      expect(await watchOf(seen.token)).toBe(at(1));
      expect(await world.chains.watch({ ...seen, watchAt: at(1) }, { tail: 7 })).toBe(true);
      expect(await watchOf(seen.token)).toBeUndefined();
    });

    it.each([
      ['somebody has moved it since it was seen', { watchAt: at(1) }, 7],
      ['somebody was appended since the tail was read', {}, 6],
    ])('stays as it is if %s', async (_why, facts, tail) => {
      const seen = await aWatched();
      expect(await world.chains.watch({ ...seen, ...facts }, { tail })).toBe(false);
      expect(await world.chains.watch({ ...seen, ...facts }, { tail, watchAt: at(2) })).toBe(false);
      expect(await watchOf(seen.token)).toBe(SOON);
    });

    it('that has ended begins again with the next job', async () => {
      const seen = await aWatched();
      await world.chains.watch(seen, { tail: 7 });
      await world.chains.append([anEntry(seen.token, 8)], at(3));
      expect(await watchOf(seen.token)).toBe(at(3));
    });

    it('never ends unseen while a job is appended: one of the two sees the other', async () => {
      for (let round = 0; round < 20; round++) {
        const seen = await aWatched();
        const [hasEnded] = await Promise.all([
          world.chains.watch(seen, { tail: 7 }),
          world.chains.append([anEntry(seen.token, 8)], at(3)),
        ]);
        expect(await watchOf(seen.token)).toBe(hasEnded ? at(3) : SOON);
      }
    });

    it('comes by its date, and in pages', async () => {
      const early = [await aWatched(at(-9)), await aWatched(at(-8)), await aWatched(at(-7))];
      const found = await allWatched(world.chains, { by: at(-7), limit: 1 });
      expect([...found.keys()].toSorted()).toEqual(early.map(({ token }) => token).toSorted());
      const before = await allWatched(world.chains, { by: at(-8), limit: 1 });
      expect(before.size).toBe(2);
    });
  });

  const anOrphan = async (facts: Partial<LineEntry['job']> = {}): Promise<Link> => {
    const [entry] = await inLine(anEntry(freshToken(), 7, facts));
    if (entry === undefined) throw new Error('There is no entry.');
    return linkOf(entry);
  };

  describe('a place without its job', () => {
    it('is not cleared away while the job is open', async () => {
      const link = await anOrphan();
      expect([await world.chains.removeOrphan(link), await world.chains.head(link.token)]).toEqual([
        false,
        link,
      ]);
    });

    it('is cleared away when the job is over, or is not there', async () => {
      const link = await anOrphan({ statusCode: 31 });
      const lost = { ...(await anOrphan()), jobId: aJob().jobId };
      expect([await world.chains.removeOrphan(link), await world.chains.removeOrphan(lost)]).toEqual([
        true,
        true,
      ]);
      const heads = [await world.chains.head(link.token), await world.chains.head(lost.token)];
      expect(heads).toEqual([undefined, undefined]);
    });

    it('may be cleared away twice', async () => {
      const link = await anOrphan({ statusCode: 30 });
      await world.chains.removeOrphan(link);
      expect(await world.chains.removeOrphan(link)).toBe(true);
    });
  });

  /** The steps with which a job leaves its line, and those that only tell the scan to look. */
  const LEAVING = [
    'succeed',
    'fail',
    'give up',
    'cancel, by its worker',
    'cancel, for the dead',
    'cancel one that waits',
    'remove, by its worker',
    'remove, for the dead',
    'delete a Ready one',
    'delete a Suspended one',
  ];
  const TELLING = [
    'reschedule',
    'resume',
    'cancel one that waits',
    'delete a Ready one',
    'delete a Suspended one',
  ];

  const CHANGING = Object.entries(STEPS).filter(([name]) => LEAVING.includes(name) || TELLING.includes(name));

  describe.each(CHANGING)('the line of a job by the step "%s"', (name, plan) => {
    it('changes as written down when the step is made, and not at all when it is refused', async () => {
      const lines = await eachOf(SITUATIONS, AT_ONCE, async (situation) => {
        const token = freshToken();
        const job = { ...jobIn(situation, { sequence: 7 }), dependencyToken: token };
        await world.chains.append([{ job, lane: 'bulk' }], at());
        const step = plan(job);
        await (isRemoval(step) ? world.jobs.remove(step) : world.jobs.make(step)).catch(() => undefined);
        const isHead = (await world.chains.head(token))?.jobId === job.jobId;
        return { situation, token, isHead };
      });
      const watches = await watched();
      expect(
        lines.map(({ situation, token, isHead }) => told(situation, isHead, watches.get(token))),
      ).toEqual(
        lines.map(({ situation }) => {
          const moves = expected(name, situation) === 'moves';
          const watchAt = moves && TELLING.includes(name) ? at(660_000) : at();
          return told(situation, !(moves && LEAVING.includes(name)), watchAt);
        }),
      );
    });
  });
}

const told = (situation: Situation, isHead: boolean, watchAt: string | undefined): string =>
  `${wordsOf(situation)}: ${isHead ? 'stays' : 'leaves'}, watched ${watchAt}`;

/** Every token that is watched, with its date. */
async function allWatched(
  chains: Chains,
  { by = '9999', limit = 500 }: { by?: string; limit?: number } = {},
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let from: string | undefined;
  do {
    const page = await chains.watched({ by, from, limit });
    for (const { token, watchAt } of page.tokens) found.set(token, watchAt);
    from = page.next;
  } while (from !== undefined);
  return found;
}

/** The jobs of a line from its head to its end, each canceled when it is the head. */
async function drained(
  { jobs, chains }: JobsInLine,
  token: string,
  see: (head: Link) => void = () => {},
): Promise<string[]> {
  const seen: string[] = [];
  for (let head = await chains.head(token); head !== undefined; head = await chains.head(token)) {
    const job = await jobs.get(head.jobId);
    if (job === undefined || isCompleted(job.statusCode))
      throw new Error('A job that is over stands in line.');
    const step = STEPS['cancel one that waits']?.(job);
    if (step === undefined || isRemoval(step)) throw new Error('There is no such step.');
    await jobs.make(step);
    see(head);
    seen.push(head.jobId);
  }
  return seen;
}
