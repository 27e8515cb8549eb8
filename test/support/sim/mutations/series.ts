import type { Job } from '../../../../shared/job/job.ts';
import type { Series, SeriesChange } from '../../../../shared/service/series/series.ts';
import type { KnownMutation, Mutation, Scene } from '../mutation.ts';
import { dropsTimers } from './seams.ts';

type Ports = NonNullable<Mutation['ports']>;

const READY = 0;

/** Every change of a series is another one on its way to the tables. */
const commits =
  (change: (change: SeriesChange, before: Series | undefined, scene: Scene) => SeriesChange): Ports =>
  (ports, scene) => ({
    ...ports,
    series: {
      ...ports.series,
      commit: (made) =>
        ports.series.commit(change(made, scene.tables.series.latest(made.series.seriesId), scene)),
    },
  });

/** Workers read another series than there is. */
const reads =
  (change: (series: Series) => Series): Ports =>
  (ports, { role }) =>
    role === 'worker'
      ? {
          ...ports,
          series: {
            ...ports.series,
            get: async (seriesId) => {
              const series = await ports.series.get(seriesId);
              return series && change(series);
            },
          },
        }
      : ports;

const asItIs = (job: Job, { tables }: Scene): Job => tables.latest(job.jobId) ?? job;
const isComing = ({ occurrence }: SeriesChange): boolean => occurrence?.after?.statusCode === READY;

const earlierOf = (a: string, b: string): string => (a < b ? a : b);
const later = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString();

/** Occurrences that are lost, doubled, or come when they should not. */
export const SERIES_MUTATIONS: readonly KnownMutation[] = [
  {
    is: 'makes the next occurrence of a series in a second write',
    foundWithin: 10,
    recurs: true,
    ports: (ports) => ({
      ...ports,
      series: {
        ...ports.series,
        commit: async ({ next, ...change }) => {
          await ports.series.commit(change);
          if (next !== undefined) await ports.jobs.insert(next);
        },
      },
    }),
  },
  {
    is: 'moves a series on from whatever version it is in',
    foundWithin: 100,
    recurs: true,
    ports: commits((change, before, scene) => {
      const { occurrence, goes } = change;
      if (before === undefined) return change;
      return {
        ...change,
        series: { ...change.series, version: before.version + (goes ? 0 : 1) },
        ...(occurrence && { occurrence: { ...occurrence, before: asItIs(occurrence.before, scene) } }),
      };
    }),
  },
  {
    is: 'lets an occurrence in that was given another date meanwhile',
    foundWithin: 800,
    recurs: true,
    ports: commits((change, _before, scene) => {
      const { occurrence } = change;
      if (occurrence === undefined || !isComing(change)) return change;
      return { ...change, occurrence: { ...occurrence, before: asItIs(occurrence.before, scene) } };
    }),
  },
  {
    is: 'counts the next date from now, also where an occurrence came before its own',
    foundWithin: 60,
    recurs: true,
    ports: (ports, scene) =>
      reads((series) =>
        series.nextAt === undefined
          ? series
          : { ...series, nextAt: earlierOf(series.nextAt, new Date(ports.clock()).toISOString()) },
      )(ports, scene),
  },
  {
    is: 'passes the next date over',
    foundWithin: 60,
    recurs: true,
    ports: reads((series) =>
      series.nextAt === undefined ? series : { ...series, nextAt: later(series.nextAt, 60_000) },
    ),
  },
  {
    is: 'lets an occurrence in before its date',
    foundWithin: 10,
    recurs: true,
    ports: (ports, { role }) =>
      role === 'timers' || role === 'worker' ? { ...ports, clock: () => ports.clock() + 5_000 } : ports,
  },
  {
    is: 'does not look whether a series is paused when a date comes',
    foundWithin: 60,
    recurs: true,
    ports: commits((change) => {
      const { series, occurrence } = change;
      if (!series.isPaused || !occurrence?.after?.isToCome) return change;
      const { before } = occurrence;
      return { ...change, occurrence: { before, after: { ...before, modifiedOn: series.modifiedOn } } };
    }),
  },
  {
    is: 'does not count what it lets in',
    foundWithin: 10,
    recurs: true,
    ports: commits((change, before) =>
      isComing(change) && before?.left !== undefined && change.series.nextAt !== undefined
        ? { ...change, series: { ...change.series, left: before.left } }
        : change,
    ),
  },
  {
    is: 'leaves the occurrence to come behind when its series is deleted',
    foundWithin: 20,
    recurs: true,
    ports: commits((change) => {
      const { occurrence: _waits, ...alone } = change;
      return change.goes ? alone : change;
    }),
  },
  {
    is: 'lets an occurrence in while the one before is open, where that is to be left out',
    foundWithin: 300,
    recurs: true,
    ports: reads(({ lastJobId: _last, ...series }) => series),
  },
  {
    is: 'runs what is found late, where that is to be left out',
    foundWithin: 200,
    recurs: true,
    ports: (ports, scene) =>
      commits((change, before) =>
        isComing(change) && before !== undefined
          ? { ...change, series: { ...change.series, recurrence: before.recurrence } }
          : change,
      )(
        reads((series) => ({ ...series, recurrence: { ...series.recurrence, missed: 'once' } }))(
          ports,
          scene,
        ),
        scene,
      ),
  },
  {
    is: 'sets no timer for the next occurrence of a series',
    foundWithin: 10,
    recurs: true,
    ports: dropsTimers(
      ({ jobId }, { role, tables }) => role === 'worker' && tables.latest(jobId) === undefined,
    ),
  },
  {
    is: 'lets an occurrence in without a place in its line',
    foundWithin: 10,
    recurs: true,
    ports: commits(({ place: _none, ...change }) => change),
  },
];
