import * as z from 'zod';
import type { Json } from '../job/json.ts';
import { type Caller, requireRole } from './caller.ts';
import { PreconditionFailed, Unavailable } from './errors.ts';
import { parse } from './parse.ts';
import { DEFAULT_RETENTION, type Retention } from './retention.ts';

const Values = z.strictObject({
  /** Completed jobs go when they have been over for so long. */
  retentionDays: z.int().min(0).max(3_650),
  /** Of the completed jobs at most so many are kept; null keeps all that are young enough. */
  maxCompletedJobs: z.int().min(0).max(100_000_000).nullable(),
});
export type Settings = z.infer<typeof Values>;

/** The body of `PATCH /settings`: what is left out stays as it is. */
export const SettingsChange = Values.partial();
export type SettingsChange = z.infer<typeof SettingsChange>;

/** Settings of versions to come: refused by name, never ignored. */
const LATER = ['purgeSchedule', 'timeZone', 'concurrency', 'thresholds', 'notifications'] as const;

export const DEFAULT_SETTINGS: Settings = { ...DEFAULT_RETENTION, maxCompletedJobs: null };

/** The settings as they are, by their version: 0 as long as nobody has changed any. */
export interface SettingsNow {
  readonly version: number;
  readonly values: Settings;
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

export async function settingsNow(store: SettingsStore): Promise<SettingsNow> {
  const now = await store.read();
  // A setting that is newer than the last change has its default.
  return now === undefined
    ? { version: 0, values: DEFAULT_SETTINGS }
    : { ...now, values: { ...DEFAULT_SETTINGS, ...now.values } };
}

/** Read at each use: a change counts for the next purge. */
export async function retentionOf(store: SettingsStore): Promise<Retention> {
  const { retentionDays, maxCompletedJobs } = (await settingsNow(store)).values;
  return { retentionDays, ...(maxCompletedJobs !== null && { maxCompletedJobs }) };
}

/** So often somebody else may be faster, where the caller does not say which version they have seen. */
const MAX_TRIES = 5;

/**
 * Changes settings, for admins. `ifMatch`: the versions that the caller would change, as ETags. Throws `NotAllowed`,
 * `InvalidInput`, `PreconditionFailed`; then nothing has changed.
 */
export async function changeSettings(
  body: unknown,
  caller: Caller,
  { settings, clock }: { settings: SettingsStore; clock: () => number },
  ifMatch?: string,
): Promise<SettingsNow> {
  requireRole(caller, 'admin');
  const change = parse(SettingsChange, body, { later: LATER });
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = await settingsNow(settings);
    if (ifMatch !== undefined && !matches(ifMatch, now)) throw new PreconditionFailed(etagOf(now));
    const next = changed(now, change, caller, new Date(clock()).toISOString());
    if (next === undefined) return now;
    if (await settings.write(next.now, next.change)) return next.now;
  }
  throw new Unavailable('The settings change too fast.', undefined);
}

/** Nothing where all is as it is asked for: then there is nothing to write down either. */
function changed(now: SettingsNow, wanted: SettingsChange, caller: Caller, at: string) {
  const changes = Object.entries(wanted).flatMap(([name, to]) => {
    const from = Object.entries(now.values).find(([known]) => known === name)?.[1] ?? null;
    return to === undefined || from === to ? [] : [[name, { from, to }] as const];
  });
  if (changes.length === 0) return undefined;
  const version = now.version + 1;
  const values = Values.parse({ ...now.values, ...wanted });
  return {
    now: { version, values, modifiedOn: at, modifiedBy: caller.id },
    change: {
      version,
      at,
      by: caller.id,
      ...(caller.name !== undefined && { byName: caller.name }),
      changes: Object.fromEntries(changes),
    },
  };
}

export const etagOf = ({ version }: Pick<SettingsNow, 'version'>): string => `"${version}"`;

const matches = (ifMatch: string, now: SettingsNow): boolean =>
  ifMatch.split(',').some((tag) => ['*', etagOf(now)].includes(tag.trim()));

export const presentSettings = ({ values, ...facts }: SettingsNow): Json => ({ ...values, ...facts });

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
