import type { Creator } from '../../../shared/service/create-job.ts';
import type { SeriesPatch } from '../../../shared/service/new-job.ts';
import {
  deleteSeries,
  etagOf,
  patchSeries,
  pauseSeries,
  resumeSeries,
} from '../../../shared/service/series/change-series.ts';
import type { Series } from '../../../shared/service/series/series.ts';
import { ADMIN } from '../callers.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import type { Asked, AskedOfSeries } from './happening.ts';
import { ask } from './requests.ts';
import { someRecurrence, someTask } from './series-orders.ts';
import type { SeriesProfile } from './series-profile.ts';
import type { World } from './world.ts';

/** The series that are there, and not over. */
export type KnownSeries = () => readonly Series[];

type Wish =
  | { readonly of: 'series'; readonly verb: AskedOfSeries }
  | { readonly of: 'job'; readonly verb: Asked };
const its = (verb: Asked): Wish => ({ of: 'job', verb });
const all = (verb: AskedOfSeries): Wish => ({ of: 'series', verb });

/** What people want one after the other: of a series, or of its occurrence to come. */
const WISHES: readonly [readonly Wish[], ...(readonly Wish[])[]] = [
  [all('pause'), all('resume')],
  [all('pause'), all('patch'), all('resume')],
  [all('patch')],
  [all('patch'), all('pause')],
  [all('pause')],
  [all('resume')],
  [all('delete')],
  [its('cancel')],
  [its('delete')],
  [its('resume')],
  [its('resume'), all('pause')],
  [its('reschedule')],
  [its('reschedule')],
  [its('reschedule'), all('patch')],
  [its('reschedule'), its('resume')],
  [its('cancel'), all('resume')],
];
const APART_MS = [10, 400, 70_000, 5 * 60_000] as const;
/** When people come: at any moment, when a date does, or in the very moment in which somebody else is about to act. */
const WHEN = ['at once', 'at its date', 'at its date', 'when it is read', 'when it is read'] as const;
const AROUND_DATE_MS = { from: -100, to: 600 } as const;
const LONGEST_WAIT_MS = 5 * 60_000;
const AFTER_READ_MS = 25;

/** People who change series, at any moment, and most of all when a date comes. */
export function startSeriesRequests(world: World, client: Client, known: KnownSeries): void {
  const { agenda, profile } = world;
  if (profile.series === undefined) return;
  const { dice, requests } = profile.series;
  const around = { world, client, known };
  const whenRead = new Map<string, () => void>();
  world.onSeriesRead = (seriesId) => {
    if (world.isEnding) return;
    whenRead.get(seriesId)?.();
    whenRead.delete(seriesId);
  };
  for (let count = 0; count < requests; count++) {
    agenda.after(dice.between(0, profile.spanMs + 20_000), () => {
      const meant = dice.anyOf(known());
      if (meant === undefined) return;
      const when = dice.pick(WHEN);
      const wishes = dice.pick(WISHES);
      const wish = (after: number) => wishFor(wishes, { seriesId: meant.seriesId, after }, around);
      if (when === 'at once') wish(0);
      else if (when === 'at its date') wish(untilItsDate(meant, world, dice));
      else whenRead.set(meant.seriesId, () => wish(dice.between(0, AFTER_READ_MS)));
    });
  }
}

function untilItsDate({ nextAt }: Series, { agenda }: World, dice: Dice): number {
  const ms = nextAt === undefined ? 0 : Date.parse(nextAt) - agenda.now;
  if (ms > LONGEST_WAIT_MS) return 0;
  return Math.max(0, ms + dice.between(AROUND_DATE_MS.from, AROUND_DATE_MS.to));
}

interface Around {
  readonly world: World;
  readonly client: Client;
  readonly known: KnownSeries;
}

function wishFor(
  wishes: readonly Wish[],
  { seriesId, after }: { seriesId: string; after: number },
  around: Around,
): void {
  const { world, client, known } = around;
  const { dice } = world.profile.series ?? world;
  let from = after;
  for (const wish of wishes) {
    world.agenda.after(from, () => {
      const seen = known().find((each) => each.seriesId === seriesId);
      const asSeen = dice.chance(0.2) ? seen : undefined;
      if (wish.of === 'series') void askOfSeries(seriesId, wish.verb, around, asSeen);
      const jobId = seen?.nextJobId;
      if (wish.of === 'job' && jobId !== undefined) void ask(jobId, wish.verb, world, client);
    });
    from += dice.between(0, dice.pick(APART_MS));
  }
}

interface Asking {
  readonly seriesId: string;
  readonly ifMatch?: string | undefined;
  readonly patch: SeriesPatch;
}

const VERBS: Readonly<
  Record<AskedOfSeries, (wish: Asking, creator: Creator) => Promise<Series | undefined>>
> = {
  pause: (wish, creator) => pauseSeries({ ...wish, caller: ADMIN }, creator),
  resume: (wish, creator) => resumeSeries({ ...wish, caller: ADMIN }, creator),
  patch: (wish, creator) => patchSeries({ ...wish, caller: ADMIN }, creator),
  delete: async (wish, creator) => {
    await deleteSeries({ ...wish, caller: ADMIN }, creator);
    return undefined;
  },
};

/** `seen`: only if it is still as it was seen. */
export async function askOfSeries(
  seriesId: string,
  verb: AskedOfSeries,
  { world, client }: Omit<Around, 'known'>,
  seen?: Series,
): Promise<void> {
  const { series } = world.profile;
  if (series === undefined) return;
  const ifMatch = seen && etagOf(seen);
  const wish = { seriesId, ifMatch, patch: verb === 'patch' ? somePatch(world, series) : {} };
  world.see({ kind: 'series-asked', seriesId, verb, ifVersion: seen?.version });
  const answer = await client.call((creator) => VERBS[verb](wish, creator));
  const told = answer.is === 'done' ? { is: 'done' as const, series: answer.value } : answer;
  world.see({ kind: 'series-answered', seriesId, verb, answer: told, ifVersion: seen?.version });
}

function somePatch(world: World, series: SeriesProfile): SeriesPatch {
  const { dice } = series;
  const what = dice.pick(['dates', 'dates', 'policies', 'input', 'token']);
  if (what === 'input') {
    const task = someTask(dice, world.profile.dates);
    // Who waits for an answer has to be told of a cancel: that is another operation.
    return { input: { ...task, manner: task.manner === 'waiting' ? 'quick' : task.manner } };
  }
  if (what === 'token')
    return { dependencyToken: dice.chance(0.5) ? null : `T${dice.between(1, world.profile.tokens)}` };
  const { missed, overlap, ...dates } = someRecurrence(world, series);
  return { recurrence: what === 'policies' ? { missed, overlap } : dates };
}

/** Nobody but a person ends it. */
export const isEndless = ({ recurrence: { pattern }, left }: Series): boolean =>
  left === undefined && pattern.includes('MINUTELY') && !pattern.includes('UNTIL');
