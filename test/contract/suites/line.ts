import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { cancel } from '../../../shared/job/person-transitions.ts';
import { type LineEntry, type LinePart, type Link, MAX_APPENDED } from '../../../shared/service/ports.ts';
import { aJob, at } from '../../support/a-job.ts';
import type { JobsInLine } from './chains.ts';

const anEntry = (token: string, sequence: number): LineEntry => ({
  job: { ...aJob(), sequence, dependencyToken: token },
  lane: 'standard',
});
const linkOf = ({ job, lane }: LineEntry): Link => ({
  token: job.dependencyToken,
  sequence: job.sequence,
  jobId: job.jobId,
  lane,
});
const sequencesOf = (places: readonly (Link | Job)[]): number[] => places.map(({ sequence }) => sequence);

let tokens = 0;
const freshToken = (): string => `line ${++tokens} – 日本 😀/#`;
const tokenOf = ([entry]: readonly LineEntry[]): string => entry?.job.dependencyToken ?? '';

/** How every keeper of lines must show them. */
export function lineSuite(fresh: () => Promise<JobsInLine>): void {
  let world: JobsInLine;
  beforeAll(async () => {
    world = await fresh();
  });

  const aLineOf = async (sequences: readonly number[], token = freshToken()): Promise<LineEntry[]> => {
    const entries = sequences.map((sequence) => anEntry(token, sequence));
    for (const entry of entries) await world.chains.append([entry], at());
    return entries;
  };
  const FIVE = [5, 9, 10, 11, 20];

  describe('the line of a token', () => {
    it('is seen from its head on, whole places, and never with its tail', async () => {
      const entries = await aLineOf(FIVE);
      expect(await world.chains.line(tokenOf(entries), { limit: 100 })).toEqual(entries.map(linkOf));
    });

    it.each<[string, LinePart, number[]]>([
      ['no more of it than is asked for', { limit: 2 }, [5, 9]],
      ['behind a place', { after: 9, limit: 100 }, [10, 11, 20]],
      ['behind where nobody stands', { after: 7, limit: 2 }, [9, 10]],
      ['up to a place, that one too', { upTo: 10, limit: 100 }, [5, 9, 10]],
      ['up to where nobody stands', { upTo: 12, limit: 100 }, [5, 9, 10, 11]],
      ['between two places', { after: 5, upTo: 10, limit: 100 }, [9, 10]],
      ['up to the place behind which it begins: nothing', { after: 10, upTo: 10, limit: 100 }, []],
      ['in front of its head: nothing', { upTo: 4, limit: 100 }, []],
      ['behind its end: nothing', { after: 20, limit: 100 }, []],
    ])('is seen in part: %s', async (_which, part, wanted) => {
      const seen = await world.chains.line(tokenOf(await aLineOf(FIVE)), part);
      expect(sequencesOf(seen)).toEqual(wanted);
    });

    it('is seen without those that have left it', async () => {
      const entries = await aLineOf([5, 9, 10]);
      const job = entries[1]?.job ?? aJob();
      await world.jobs.make(cancel(job, { now: at(), by: 'adam' }));
      const seen = await world.chains.line(tokenOf(entries), { limit: 100 });
      expect(sequencesOf(seen)).toEqual([5, 10]);
    });

    it('comes whole, 1,001 places at once', async () => {
      const token = freshToken();
      const sequences = Array.from({ length: 1_010 }, (_, n) => 1_700_000_000_000_000 + n);
      for (let from = 0; from < sequences.length; from += MAX_APPENDED) {
        const some = sequences.slice(from, from + MAX_APPENDED);
        await world.chains.append(
          some.map((sequence) => anEntry(token, sequence)),
          at(),
        );
      }
      const seen = await world.chains.line(token, { limit: 1_001 });
      expect(sequencesOf(seen)).toEqual(sequences.slice(0, 1_001));
    });
  });
}
