import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { pageCursor } from '../../../shared/service/page-cursor.ts';
import { parse } from '../../../shared/service/parse.ts';
import { LineQuery, showLine } from '../../../shared/service/show-line.ts';
import { tokenKey } from '../../../shared/service/token-key.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put } from '../../support/a-world.ts';
import { ADMIN } from '../../support/callers.ts';
import { MemoryLaneLoad } from '../../support/memory/memory-lane-load.ts';

const LONG = '日本'.repeat(100);

/** A token with so many jobs in its line, of which the first one is paused. */
function aLine(many: number, token = 'a') {
  const world = { ...aWorld(anOperation()), laneLoad: new MemoryLaneLoad() };
  const jobs = Array.from({ length: many }, (_, n) =>
    put(
      aJob({
        sequence: 100 + n,
        dependencyToken: tokenKey(token),
        ...(n === 0 && { statusCode: Status.Waiting }),
      }),
      world,
    ),
  );
  const show = (query: Record<string, unknown> = {}) =>
    showLine(parse(LineQuery, { token, ...query }, { in: 'query' }), ADMIN, world);
  return { world, jobs, show };
}
const idsOf = (jobs: readonly (Job | undefined)[]) => jobs.map((job) => job?.jobId);

describe('the line of a token', () => {
  it('is shown from its head, with what holds it and what would free it', async () => {
    const { jobs, show } = aLine(3);
    const { token, head, items, nextCursor } = await show();
    expect([token, nextCursor]).toEqual(['a', undefined]);
    expect(head).toMatchObject({ jobId: jobs[0]?.jobId, because: 'paused', shownAs: 'Paused' });
    expect(head?.freedBy).toMatchObject([{ verb: 'resume', jobId: jobs[0]?.jobId, mayYou: true }]);
    expect(items.map(({ position, job }) => [position, job])).toEqual(jobs.map((job, n) => [n + 1, job]));
    expect(items.map(({ link }) => link.lane)).toEqual(['bulk', 'bulk', 'bulk']);
  });

  it.each([1, 2, 3, 7, 1_000])(
    'comes in pages of %d: all of it, once, in order, each with the head',
    async (limit) => {
      const { jobs, show } = aLine(7);
      const seen: [number, string][] = [];
      let cursor: string | undefined;
      do {
        const page = await show({ limit, ...(cursor !== undefined && { cursor }) });
        expect([page.items.length <= limit, page.head?.jobId]).toEqual([true, jobs[0]?.jobId]);
        for (const { position, link } of page.items) seen.push([position, link.jobId]);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(idsOf(jobs).map((jobId, n) => [n + 1, jobId]));
    },
  );

  it('has no further page where the last one is full', async () => {
    const { show } = aLine(7);
    expect((await show({ limit: 7 })).nextCursor).toBeUndefined();
    expect((await show({ limit: 6 })).nextCursor).toBeDefined();
  });

  it('is empty where nobody stands in it', async () => {
    expect(await aLine(3).show({ token: 'nobody' })).toEqual({ token: 'nobody', items: [] });
  });

  it('is found by a long token, which its jobs show whole', async () => {
    const { show } = aLine(2, LONG);
    const { token, items } = await show();
    expect([token, ...items.map(({ job }) => job?.dependencyToken)]).toEqual([LONG, LONG, LONG]);
  });

  it('shows the place alone where the row is not there, or is another job that was given the id', async () => {
    const { world, jobs, show } = aLine(3);
    world.jobs.forget(jobs[0]?.jobId ?? '');
    if (jobs[1] !== undefined) world.jobs.put({ ...jobs[1], sequence: 999 });
    const { head, items } = await show();
    expect([head, items.map(({ link }) => link.jobId)]).toEqual([undefined, idsOf(jobs)]);
    expect(items.map(({ job }) => job !== undefined)).toEqual([false, false, true]);
  });

  it('goes on behind those that have been shown, whoever has left in between', async () => {
    const { world, jobs, show } = aLine(4);
    const { nextCursor } = await show({ limit: 2 });
    for (const job of jobs.slice(0, 2)) {
      const { dependencyToken: token = '', sequence } = job;
      world.jobs.put({ ...job, statusCode: Status.Canceled, completedOn: at() });
      await world.jobs.removeOrphan({ token, sequence, jobId: job.jobId, lane: 'bulk' });
    }
    const { head, items } = await show({ cursor: nextCursor });
    expect([head?.jobId, items.map(({ link }) => link.jobId)]).toEqual([
      jobs[2]?.jobId,
      idsOf(jobs.slice(2)),
    ]);
  });
});

const NAME_IT = 'Name a dependency token: 1 to 256 characters of well-formed Unicode.';

describe('a look at a line that makes no sense', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['no token', { token: undefined }, '/token', NAME_IT],
    ['an empty token', { token: '' }, '/token', NAME_IT],
    ['a token that is too long', { token: 'x'.repeat(257) }, '/token', NAME_IT],
    ['half a character', { token: 'a\ud800' }, '/token', NAME_IT],
    ['a parameter that there is not', { state: '0' }, '/state', 'There is no such field; leave it out.'],
  ])('is refused: %s', (_what, query, pointer, detail) => {
    expect(() => parse(LineQuery, { token: 'a', ...query }, { in: 'query' })).toThrow(
      expect.objectContaining({ faults: [{ in: 'query', pointer, detail }] }),
    );
  });

  it.each(['x', 'eyJ9', Buffer.from('{"of":"a","at":"1/2"}').toString('base64url')])(
    'is refused: the cursor "%s"',
    async (cursor) => {
      await expect(aLine(1).show({ cursor })).rejects.toMatchObject({ faults: [{ pointer: '/cursor' }] });
    },
  );

  it.each(['', '1', '1/x', 'x/1', '1.5/1'])(
    'is refused: a cursor that leads to no place, %j',
    async (text) => {
      const { show } = aLine(7);
      const cursor = pageCursor({ line: 'a' }, text);
      await expect(show({ cursor })).rejects.toMatchObject({ faults: [{ in: 'query', pointer: '/cursor' }] });
    },
  );

  it('is refused: the cursor of another line', async () => {
    const { nextCursor } = await aLine(3, 'b').show({ limit: 1 });
    await expect(aLine(3, 'a').show({ cursor: nextCursor })).rejects.toMatchObject({
      faults: [{ pointer: '/cursor' }],
    });
  });
});
