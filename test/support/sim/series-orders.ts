import type { NewJob, NewRecurrence } from '../../../shared/service/new-job.ts';
import { createJobOrSeries } from '../../../shared/service/series/create-series.ts';
import { MISSED, OVERLAPS } from '../../../shared/service/series/series.ts';
import { OPERATOR } from '../callers.ts';
import { idOf } from '../memory/counting-ids.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import type { Order, SeriesAnswer } from './happening.ts';
import type { SeriesProfile } from './series-profile.ts';
import { someWork, type Work, waiting, workload } from './workload.ts';
import { START, type World } from './world.ts';

interface Wanted {
  readonly order: NewJob;
  readonly chosenId: string | undefined;
}

/** Ids that clients choose for the first occurrence come from a range of their own. */
const FIRST_CHOSEN = 800;
const MOST_REPEATS = 2;
const MINUTE_MS = 60_000;
/** Dates that come within the history are few, so that it comes to an end. */
const MOST_DATES = 4;
const LONGEST_MINUTES = 40;
/** No history reaches it. */
const FAR = 'FREQ=DAILY;INTERVAL=10;';
const FAR_MS = 10 * 24 * 60 * MINUTE_MS;

/** People who order what recurs: some with an id of their own, some twice. */
export function startSeries(world: World, client: Client, series: SeriesProfile): void {
  const { agenda, profile } = world;
  const { dice } = series;
  for (let count = 0; count < series.orders; count++) {
    const chosenId = dice.chance(0.4) ? idOf(FIRST_CHOSEN + dice.between(1, series.orders)) : undefined;
    agenda.after(dice.between(0, profile.spanMs / 2), () => {
      const wanted = { order: someSeries(world, series), chosenId };
      void orderSeries(wanted, { world, client, series });
    });
  }
}

interface Around {
  readonly world: World;
  readonly client: Client;
  readonly series: SeriesProfile;
}

async function orderSeries(wanted: Wanted, around: Around, repeats = 0): Promise<void> {
  const { world, client, series } = around;
  const order: Order = { id: wanted.chosenId, body: JSON.stringify(wanted.order) };
  world.see({ kind: 'series-ordered', order });
  const answer = await client.call((creator) =>
    createJobOrSeries(wanted.order, OPERATOR, creator, wanted.chosenId),
  );
  const seen: SeriesAnswer =
    answer.is === 'done' ? { is: 'done', series: answer.value.series, isNew: answer.value.isNew } : answer;
  world.see({ kind: 'series-created', order, answer: seen });
  const { dice } = series;
  const isTried = wanted.chosenId !== undefined && repeats < MOST_REPEATS;
  if (!isTried || !dice.chance(answer.is === 'unknown' ? 0.8 : 0.3)) return;
  const next = dice.chance(0.15) ? { ...wanted, order: someSeries(world, series) } : wanted;
  const after = dice.between(1, dice.pick([100, 5_000, 120_000]));
  world.agenda.after(after, () => void orderSeries(next, around, repeats + 1));
}

function someSeries(world: World, series: SeriesProfile): NewJob {
  const { dice } = series;
  const input = someTask(dice, world.profile.dates);
  return {
    operation: (input.manner === 'waiting' ? waiting : workload).name,
    input,
    ...(dice.chance(0.3) && { dependencyToken: `T${dice.between(1, world.profile.tokens)}` }),
    ...(dice.chance(0.3) && { maxRetries: dice.between(0, 2) }),
    recurrence: someRecurrence(world, series),
  };
}

/** Mostly short: each occurrence does it again. */
export const someTask = (dice: Dice, dates: readonly [number, ...number[]]): Work =>
  dice.chance(0.5)
    ? someWork(dice, dates)
    : { manner: 'quick', steps: 1, ms: 0, isBulk: dice.chance(0.3), padding: '', waitMs: 0 };

/** When it recurs: a few times, until a date, or until somebody ends it; with or without a start. */
export function someRecurrence({ agenda }: World, { dice, minutes }: SeriesProfile): NewRecurrence {
  const missed = dice.pick(MISSED);
  const overlap = dice.pick(OVERLAPS);
  if (dice.chance(0.15)) {
    const startTime = dice.chance(0.5) ? { startTime: secondsAfter(agenda.now, FAR_MS) } : {};
    return { pattern: FAR, ...startTime, missed, overlap };
  }
  const interval = dice.pick(minutes);
  const startTime = secondsAfter(agenda.now, dice.between(-70_000, 30_000));
  const pattern = `FREQ=MINUTELY;INTERVAL=${interval};${someEnd(dice, interval, agenda.now)}`;
  return { pattern, ...(dice.chance(0.6) && { startTime }), missed, overlap };
}

function someEnd(dice: Dice, interval: number, now: number): string {
  const most = Math.max(1, Math.min(MOST_DATES, Math.floor((2 * LONGEST_MINUTES) / interval)));
  const end = dice.pick(['count', 'count', 'until', 'nobody']);
  if (end === 'count') return `COUNT=${dice.between(1, most)};`;
  if (end === 'nobody' && interval > 1) return '';
  const until = secondsAfter(now, 30_000 + dice.between(0, most) * interval * MINUTE_MS);
  return `UNTIL=${until.replaceAll(/[-:]|\.000/g, '')};`;
}

const secondsAfter = (now: number, ms: number): string =>
  new Date(START + Math.floor((now + ms - START) / 1_000) * 1_000).toISOString();
