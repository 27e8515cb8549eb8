import type { Series } from '../../../../shared/service/series/series.ts';

/** Only the patterns that histories have: every so many minutes or days, in UTC. */
const UNIT_MS: Readonly<Record<string, number>> = { MINUTELY: 60_000, DAILY: 24 * 60 * 60_000 };

interface Calendar {
  readonly start: number;
  readonly every: number;
  readonly until: number;
  readonly count: number | undefined;
}

/** Counted by hand: the checker shares no code with the engine. */
export function calendarOf({
  pattern,
  startTime,
}: Pick<Series['recurrence'], 'pattern' | 'startTime'>): Calendar {
  const parts = new Map(
    pattern.split(';').flatMap((part): [string, string][] => {
      const [name, value] = part.split('=');
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  const unit = UNIT_MS[parts.get('FREQ') ?? ''];
  if (unit === undefined) throw new Error(`The checker does not know ${pattern}.`);
  const count = parts.get('COUNT');
  return {
    start: Date.parse(startTime),
    every: unit * Number(parts.get('INTERVAL') ?? 1),
    until: untilOf(parts.get('UNTIL')),
    count: count === undefined ? undefined : Number(count),
  };
}

/** 20261122T000500Z */
const UNTIL = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function untilOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(text.replace(UNTIL, '$1-$2-$3T$4:$5:$6Z'));
}

/** The first date after a moment; none if there is none. */
export function dateAfter({ start, every, until }: Calendar, moment: number): number | undefined {
  const date = moment < start ? start : start + (Math.floor((moment - start) / every) + 1) * every;
  return date > until ? undefined : date;
}
