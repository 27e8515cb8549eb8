import * as z from 'zod';
import type { Json } from '../job/json.ts';
import { concurrencyOf, type Deployed, purgeTimesOf } from './controls.ts';
import { ConsoleUrl } from './notifications/console-url.ts';
import { parse } from './parse.ts';
import { DEFAULT_RETENTION, type Retention } from './retention.ts';
import { scheduleFaults } from './schedule-expression.ts';
import { isTimeZone } from './time-zone.ts';

const DEFAULT_MAX_LOG_LINES = 100_000;

/** Lambda takes no other numbers for the mapping of a queue. */
const Concurrency = z.int().min(2).max(1_000).nullable();

const Schedule = z.string().superRefine((text, context) => {
  for (const message of scheduleFaults(text)) context.addIssue({ code: 'custom', message });
});

export const EVENTS = ['none', 'completed', 'all'] as const;
const MOST_SWITCHES = 200;
const EmailSwitches = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'Must be the name of an operation.'), z.boolean())
  .refine(
    (all) => Object.keys(all).length <= MOST_SWITCHES,
    `Must not name more than ${MOST_SWITCHES} operations.`,
  );

const Values = z.strictObject({
  /** Completed jobs go when they have been over for so long. */
  retentionDays: z.int().min(0).max(3_650),
  /** Of the completed jobs at most so many are kept; null keeps all that are young enough. */
  maxCompletedJobs: z.int().min(0).max(100_000_000).nullable(),
  /** When the purge runs, as EventBridge Scheduler writes it. Null, here and below: what the deployment says. */
  purgeSchedule: Schedule.nullable(),
  timeZone: z
    .string()
    .refine(isTimeZone, 'Must be the IANA name of a time zone, such as Europe/Berlin.')
    .nullable(),
  /** Invocations at once. */
  concurrency: z.strictObject({ standard: Concurrency, bulk: Concurrency }).partial(),
  /** So many lines the log of a job keeps: the first tenth, and the newest. */
  maxLogLines: z.int().min(1_000).max(10_000_000),
  /**
   * What is told of jobs beside the inbox: mails by operation, off unless switched on; events of their end, of all changes, or none.
   * Mails link to the console, where there is one.
   */
  notifications: z
    .strictObject({ email: EmailSwitches, events: z.enum(EVENTS), consoleUrl: ConsoleUrl.nullable() })
    .partial(),
});

/** The body of `PATCH /settings`: what is left out stays as it is. */
export const SettingsChange = Values.partial();
export type SettingsChange = z.infer<typeof SettingsChange>;

/** Settings of versions to come: refused by name, never ignored. */
export const LATER_SETTINGS = ['thresholds'] as const;

/** What admins have set, by its version: 0 as long as nobody has set anything. */
export interface SettingsNow {
  readonly version: number;
  readonly values: SettingsChange;
  readonly modifiedOn?: string;
  readonly modifiedBy?: string;
}

/** Who changed what when: each setting that was changed, before and after. */
export interface SettingsChanged {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly byName?: string;
  readonly changes: Readonly<Record<string, { readonly from: Json; readonly to: Json }>>;
}

export interface SettingsStore {
  /** Strongly consistent; undefined as long as nobody has changed any. */
  read(): Promise<Required<SettingsNow> | undefined>;
  /** Both or none, and only on top of the version before: false if somebody else was faster. */
  write(next: Required<SettingsNow>, change: SettingsChanged): Promise<boolean>;
  /** Newest first, strictly before a version. */
  changes(range: { before: number; limit: number }): Promise<SettingsChanged[]>;
}

export const settingsNow = async (store: Pick<SettingsStore, 'read'>): Promise<SettingsNow> =>
  (await store.read()) ?? { version: 0, values: {} };

/** Every setting, as it is set: what nobody has set has its default. */
export const allOf = ({
  retentionDays,
  maxCompletedJobs,
  maxLogLines,
  purgeSchedule,
  timeZone,
  concurrency,
  notifications,
}: SettingsChange) => ({
  retentionDays: retentionDays ?? DEFAULT_RETENTION.retentionDays,
  maxCompletedJobs: maxCompletedJobs ?? null,
  maxLogLines: maxLogLines ?? DEFAULT_MAX_LOG_LINES,
  purgeSchedule: purgeSchedule ?? null,
  timeZone: timeZone ?? null,
  concurrency: { standard: concurrency?.standard ?? null, bulk: concurrency?.bulk ?? null },
  notifications: {
    email: { ...notifications?.email },
    events: notifications?.events ?? 'completed',
    consoleUrl: notifications?.consoleUrl ?? null,
  },
});

/** Read at each use: a change counts for the next purge. */
export async function retentionOf(store: Pick<SettingsStore, 'read'>): Promise<Retention> {
  const { retentionDays, maxCompletedJobs } = allOf((await settingsNow(store)).values);
  return { retentionDays, ...(maxCompletedJobs !== null && { maxCompletedJobs }) };
}

/** Read when a log has become long. */
export const maxLogLinesOf = async (store: Pick<SettingsStore, 'read'>): Promise<number> =>
  allOf((await settingsNow(store)).values).maxLogLines;

export const etagOf = ({ version }: Pick<SettingsNow, 'version'>): string => `"${version}"`;

/** What counts: where nobody has set anything, what the deployment says. */
export function presentSettings({ values, ...facts }: SettingsNow, deployed: Deployed): Json {
  const { expression, timeZone } = purgeTimesOf(values, deployed);
  const controls = { purgeSchedule: expression, timeZone, concurrency: concurrencyOf(values, deployed) };
  return { ...allOf(values), ...controls, ...facts };
}

/** The cursor of the history is the version of its last entry. */
const HistoryQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'This is not a cursor of this list.')
    .optional(),
});

export async function settingsHistory(query: unknown, store: SettingsStore): Promise<Json> {
  const { limit, cursor } = parse(HistoryQuery, query, { in: 'query' });
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
  const found = await store.changes({ before, limit: limit + 1 });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items: items.map((item) => ({ ...item })), ...(hasMore && { nextCursor: String(last.version) }) };
}
