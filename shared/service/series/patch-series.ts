import type { Json } from '../../job/json.ts';
import type { Caller } from '../caller.ts';
import { allowedInput } from '../checked-order.ts';
import type { Creator } from '../create-job.ts';
import { InvalidInput } from '../errors.ts';
import type { SeriesPatch } from '../new-job.ts';
import { faultsOf } from '../parse.ts';
import { checkedRecurrence } from './checked-recurrence.ts';
import { requireSmallInput } from './create-series.ts';
import type { Recurrence, Series, SeriesOrder } from './series.ts';

/** What a change makes of a series, checked like an order; `date` is that of the next occurrence. */
export interface Patched {
  readonly order: SeriesOrder;
  readonly recurrence: Recurrence;
  readonly left?: number | undefined;
  readonly date: number;
}

/** Throws `InvalidInput`, `NotAllowed`. */
export function patched(
  series: Series,
  { recurrence = {}, input, ...texts }: SeriesPatch,
  caller: Caller,
  service: Creator,
): Patched {
  const order = withoutNulls({ ...series.order, ...withoutAbsent(texts) });
  const checked = input === undefined ? series.order.input : checkedInput(input, series, caller, service);
  return {
    order: { ...order, operation: series.order.operation, input: checked },
    ...whenItRecurs(series, recurrence, service.clock()),
  };
}

function checkedInput(input: Json, { order }: Series, caller: Caller, { operations }: Creator): Json {
  requireSmallInput(input);
  const operation = operations.get(order.operation);
  if (operation === undefined)
    throw new InvalidInput([
      { pointer: '/input', detail: 'This deployment has no such operation any more.' },
    ]);
  const checked = operation.input.safeParse(input);
  if (!checked.success) throw new InvalidInput(faultsOf(checked.error, '/input'));
  // With the rights of whoever changes it: they are kept with the input.
  return allowedInput(checked.data, operation, caller) ?? checked.data;
}

function whenItRecurs(
  series: Series,
  change: NonNullable<SeriesPatch['recurrence']>,
  now: number,
): Pick<Patched, 'recurrence' | 'left' | 'date'> {
  const { missed, overlap, ...dates } = withoutAbsent(change);
  const { pattern, startTime, timeZone } = series.recurrence;
  const policies = {
    missed: missed ?? series.recurrence.missed,
    overlap: overlap ?? series.recurrence.overlap,
  };
  if (Object.keys(dates).length === 0)
    return {
      recurrence: { ...series.recurrence, ...policies },
      left: series.left,
      date: Date.parse(series.nextAt ?? ''),
    };
  const said = withoutNulls({ pattern, startTime, timeZone, ...dates });
  // One that has come at this very moment does not come again.
  const checked = checkedRecurrence({ pattern, startTime, ...said }, now + 1, '/recurrence');
  return {
    recurrence: { ...checked.recurrence, ...policies },
    // A new COUNT counts from now on.
    left: dates.pattern === undefined ? series.left : checked.schedule.rule.count,
    date: checked.first,
  };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };
type NotNull<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

const withoutAbsent = <T extends object>(fields: T): Partial<Present<T>> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the names
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Present<T>
  >;

/** What was taken away is not there. */
const withoutNulls = <T extends object>(fields: T): NotNull<T> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the names
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as NotNull<T>;
