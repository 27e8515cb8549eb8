/**
 * What is wrong with a schedule, field by field; nothing if EventBridge Scheduler takes it. Stricter than that service
 * where its user guide ("Schedule types") leaves doubts: what is kept here must never be refused there.
 */
export function scheduleFaults(text: string): string[] {
  const [, kind, inside = ''] = /^(cron|rate)\((.*)\)$/.exec(text.length > MAX_LENGTH ? '' : text) ?? [];
  if (kind === 'cron') return cronFaults(inside);
  if (kind === 'rate') return rateFaults(inside);
  return ['Must be like cron(0 1 * * ? *) or rate(12 hours).'];
}

const MAX_LENGTH = 256;

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  readonly noSteps?: true;
  /** What only this field may say. */
  readonly own?: RegExp;
}

const FIELDS = {
  minutes: { name: 'minutes', min: 0, max: 59 },
  hours: { name: 'hours', min: 0, max: 23 },
  // The last day, the last weekday, the weekday nearest to a day.
  days: { name: 'day of month', min: 1, max: 31, own: /^(L|LW|([1-9]|[12]\d|3[01])W)$/ },
  months: {
    name: 'month',
    min: 1,
    max: 12,
    names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
  },
  // 1 is Sunday: the last Friday of the month is 6L, the third one 6#3.
  weekdays: {
    name: 'day of week',
    min: 1,
    max: 7,
    names: 'SUN MON TUE WED THU FRI SAT'.split(' '),
    noSteps: true,
    own: /^(L|[1-7]L|[1-7]#[1-5])$/,
  },
} as const satisfies Record<string, Field>;

function cronFaults(inside: string): string[] {
  const parts = inside.split(' ');
  if (parts.includes('')) return ['Must have one blank between two fields, and none around them.'];
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', year = ''] = parts;
  if (parts.length !== 6)
    return [`Must have six fields (minutes hours day-of-month month day-of-week year), not ${parts.length}.`];
  const faults = [
    ...fieldFaults(minutes, FIELDS.minutes),
    ...fieldFaults(hours, FIELDS.hours),
    ...(days === '?' ? [] : fieldFaults(days, FIELDS.days)),
    ...fieldFaults(months, FIELDS.months),
    ...(weekdays === '?' ? [] : fieldFaults(weekdays, FIELDS.weekdays)),
    ...((days === '?') === (weekdays === '?') ? ['Of day of month and day of week exactly one is "?".'] : []),
    ...(year === '*' ? [] : ['year: must be "*": in any other one the schedule would end unseen.']),
  ];
  return faults.length > 0 ? faults : neverFaults(days, months);
}

/** Parts are `*`, `5`, `1-5`, `0/15`, `10-30/5` or names; a field is a list of them. */
const fieldFaults = (text: string, field: Field): string[] =>
  field.own?.test(text)
    ? []
    : text
        .split(',')
        .filter((part) => valuesOf(part, field) === undefined)
        .map(
          (part) => `${field.name}: "${part}" is no value, range or step from ${field.min} to ${field.max}.`,
        );

function valuesOf(part: string, { min, max, names = [], noSteps }: Field): readonly number[] | undefined {
  const [, low = '', high, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,4}))?$/.exec(part) ?? [];
  const numberOf = (text: string) => {
    const named = names.indexOf(text);
    const value = named >= 0 ? named + min : Number(/^\d{1,4}$/.exec(text)?.[0] ?? Number.NaN);
    return value >= min && value <= max ? value : Number.NaN;
  };
  if (low === '*' && high !== undefined) return undefined;
  const from = low === '*' ? min : numberOf(low);
  const openEnd = low === '*' || step !== undefined ? max : from;
  const to = high === undefined ? openEnd : numberOf(high);
  const stride = Number(step ?? 1);
  if (!(from <= to) || stride < 1 || stride > max || (noSteps && step !== undefined)) return undefined;
  return Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, index) => from + index * stride);
}

/** The length of each month, in a leap year. */
const LAST_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function neverFaults(days: string, months: string): string[] {
  const first = Math.min(...days.split(',').flatMap((part) => firstDayOf(part)));
  const longest = Math.max(
    ...months
      .split(',')
      .flatMap((part) => (valuesOf(part, FIELDS.months) ?? []).map((month) => LAST_DAYS[month - 1] ?? 0)),
  );
  return first > longest ? [`day of month: there is no day ${first} in these months.`] : [];
}

/** The last day and what goes by days of the week is in every month. */
const firstDayOf = (part: string): number =>
  valuesOf(part, FIELDS.days)?.[0] ?? Number(/^(\d+)W$/.exec(part)?.[1] ?? 1);

const MINUTES = { minute: 1, hour: 60, day: 24 * 60 } as const;
const MAX_RATE_DAYS = 366;

function rateFaults(inside: string): string[] {
  const [, count = '', unit, plural] = /^([1-9]\d{0,6}) (minute|hour|day)(s?)$/.exec(inside) ?? [];
  if (unit !== 'minute' && unit !== 'hour' && unit !== 'day')
    return ['Must be a number and minutes, hours or days, like rate(12 hours).'];
  if ((count === '1') === (plural === 's'))
    return [`Must be rate(${count} ${unit}${plural === 's' ? '' : 's'}).`];
  return Number(count) * MINUTES[unit] > MAX_RATE_DAYS * MINUTES.day
    ? [`Must be at most ${MAX_RATE_DAYS} days.`]
    : [];
}
