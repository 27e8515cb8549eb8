import type { Job } from '../job/job.ts';
import { type Created, type Creator, findSame, placeOrFind } from './create-job.ts';
import { eachOf } from './each-of.ts';
import { LonghaulError, Unavailable } from './errors.ts';
import { placeInLine } from './place-job.ts';
import { JobExists, type LineEntry, MAX_APPENDED } from './ports.ts';
import { laneOf } from './ring-of.ts';

/** What became of one order: a refusal of one is no refusal of the others. */
export type BatchAnswer = Created | { readonly refused: LonghaulError };

/** A row that is ready to be written, and the place of its order in the batch. */
export interface Ready {
  readonly place: number;
  readonly job: Job;
  readonly isChosen: boolean;
}

export type Placed = readonly [place: number, answer: BatchAnswer];

export const AT_ONCE = 16;

/** Writes the rows of a batch: bulk writes for free ones, a transaction for each 25 of a line, one by one if need be. */
export async function placeBatch(ready: readonly Ready[], creator: Creator): Promise<Placed[]> {
  const lines = Map.groupBy(ready, ({ job }) => job.dependencyToken);
  const free = lines.get(undefined) ?? [];
  lines.delete(undefined);
  const [inserted, found, inLines] = await Promise.all([
    insertAll(
      free.filter(({ isChosen }) => !isChosen),
      creator,
    ),
    placeEach(
      free.filter(({ isChosen }) => isChosen),
      creator,
    ),
    eachOf([...lines.values()], AT_ONCE, (line) => placeLine(line, creator)),
  ]);
  return [...inserted, ...found, ...inLines.flat()];
}

async function insertAll(ready: readonly Ready[], { jobs }: Creator): Promise<Placed[]> {
  const written = await orRefusal(() => jobs.insertAll(ready.map(({ job }) => job)));
  return ready.map(({ place, job }) => {
    if ('refused' in written) return [place, written];
    return [place, written.has(job.jobId) ? { job, isNew: true } : { refused: notPlaced() }];
  });
}

const placeEach = (ready: readonly Ready[], creator: Creator): Promise<Placed[]> =>
  eachOf(ready, AT_ONCE, (one) => placeOne(one, creator));

const placeOne = async ({ place, job, isChosen }: Ready, creator: Creator): Promise<Placed> => [
  place,
  await orRefusal(() => placeOrFind(job, isChosen, creator)),
];

/** In order, a transaction at a time. */
async function placeLine(line: readonly Ready[], creator: Creator): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (let from = 0; from < line.length; from += MAX_APPENDED) {
    placed.push(...(await placeSome(line.slice(from, from + MAX_APPENDED), creator)));
  }
  return placed;
}

async function placeSome(some: readonly Ready[], creator: Creator): Promise<Placed[]> {
  const whole = await placeTogether(some, creator);
  return whole instanceof JobExists ? placeAgain(some, creator) : answersFor(some, whole);
}

/** A batch that is sent again meets its own jobs: they are answered from a read, and only the others are written. */
async function placeAgain(some: readonly Ready[], creator: Creator): Promise<Placed[]> {
  const ids = [...new Set(some.map(({ job }) => job.jobId))];
  const rows = await orRefusal(() => creator.jobs.getAll(ids));
  if ('refused' in rows) return answersFor(some, rows.refused);
  const there = new Map(rows.map((row) => [row.jobId, row]));
  const found: Placed[] = [];
  const others: Ready[] = [];
  for (const one of some) {
    const current = there.get(one.job.jobId);
    if (current === undefined) others.push(one);
    else found.push([one.place, await orRefusal(() => findSame(current, one.job, creator))]);
  }
  const whole = await placeTogether(others, creator);
  if (!(whole instanceof JobExists)) return [...found, ...answersFor(others, whole)];
  // The read lagged behind, or somebody else was at it: then each by itself.
  for (const one of others) found.push(await placeOne(one, creator));
  return found;
}

type Together = readonly LineEntry[] | LonghaulError;

async function placeTogether(some: readonly Ready[], creator: Creator): Promise<Together> {
  const ids = new Set<string>();
  // No transaction takes an id twice: the second order of an id is a repetition of the first.
  for (const { job } of some) {
    if (ids.has(job.jobId)) return new JobExists(job.jobId, job);
    ids.add(job.jobId);
  }
  if (some.length === 0) return [];
  const entries = some.map((one) => entryOf(one, creator));
  const whole = await orRefusal(() => placeInLine(entries, creator));
  return 'refused' in whole ? whole.refused : whole;
}

const answersFor = (some: readonly Ready[], whole: Together): Placed[] =>
  some.map(({ place }, index) => [place, answerAt(index, whole)]);

function answerAt(place: number, whole: Together): BatchAnswer {
  if (whole instanceof LonghaulError) return { refused: whole };
  const job = whole[place]?.job;
  return job === undefined ? { refused: notPlaced() } : { job, isNew: true };
}

const entryOf = ({ job }: Ready, { operations }: Creator): LineEntry => ({
  job: { ...job, dependencyToken: job.dependencyToken ?? '' },
  lane: laneOf(job, operations),
});

export const notPlaced = (): LonghaulError => new Unavailable('The table does not answer.', undefined);

/** An expected refusal is an answer; anything else that one order meets does not take the others with it. */
export async function orRefusal<T extends object>(
  make: () => Promise<T>,
): Promise<T | { refused: LonghaulError }> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof LonghaulError) return { refused: error };
    return { refused: new Unavailable('The tables do not answer.', error) };
  }
}
