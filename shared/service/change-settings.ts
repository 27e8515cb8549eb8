import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../job/json.ts';
import { type Caller, requireRole } from './caller.ts';
import { type Enforcer, putInForce } from './controls.ts';
import { InvalidInput, PreconditionFailed, Unavailable } from './errors.ts';
import type { Operations } from './operation.ts';
import { parse } from './parse.ts';
import type { Clock } from './ports.ts';
import {
  allOf,
  etagOf,
  LATER_SETTINGS,
  SettingsChange,
  type SettingsNow,
  type SettingsStore,
  settingsNow,
} from './settings.ts';

export interface SettingsChanger extends Enforcer {
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly operations: Pick<Operations<never>, 'has' | 'keys'>;
}

/** So often somebody else may be faster, where the caller does not say which version they have seen. */
const MAX_TRIES = 5;

/**
 * Changes settings, for admins: they are kept first and put in force then. `ifMatch`: the versions that the caller would
 * change, as ETags. Throws `NotAllowed`, `InvalidInput`, `PreconditionFailed`, when nothing has changed; `NotInForce`.
 */
export async function changeSettings(
  body: unknown,
  caller: Caller,
  changer: SettingsChanger,
  ifMatch?: string,
): Promise<SettingsNow> {
  requireRole(caller, 'admin');
  const wanted = parse(SettingsChange, body, { later: LATER_SETTINGS });
  requireOperations(wanted, changer);
  const kept = await keep(wanted, caller, changer, ifMatch);
  // Also where nothing is new: whoever repeats a change that was not in force means it.
  if (namesControls(wanted)) await putInForce(changer);
  return kept;
}

/** A switch that nothing would ever look at is a slip of the pen. */
function requireOperations({ notifications }: SettingsChange, { operations }: SettingsChanger): void {
  const unknown = Object.keys(notifications?.email ?? {}).filter((name) => !operations.has(name));
  if (unknown.length === 0) return;
  const detail = `There is no such operation; there are: ${[...operations.keys()].join(', ')}.`;
  throw new InvalidInput(unknown.map((name) => ({ pointer: `/notifications/email/${name}`, detail })));
}

const namesControls = ({ purgeSchedule, timeZone, concurrency }: SettingsChange): boolean =>
  purgeSchedule !== undefined || timeZone !== undefined || concurrency !== undefined;

async function keep(
  wanted: SettingsChange,
  caller: Caller,
  { settings, clock }: SettingsChanger,
  ifMatch?: string,
): Promise<SettingsNow> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = await settingsNow(settings);
    if (ifMatch !== undefined && !matches(ifMatch, now)) throw new PreconditionFailed(etagOf(now));
    const next = changed(now, wanted, caller, new Date(clock()).toISOString());
    if (next === undefined) return now;
    if (await settings.write(next.now, next.change)) return next.now;
  }
  throw new Unavailable('The settings change too fast.', undefined);
}

/** Nothing where all is as it is asked for: then there is nothing to write down either. */
function changed(now: SettingsNow, wanted: SettingsChange, caller: Caller, at: string) {
  const values = merged(now.values, wanted);
  const before: Record<string, Json> = allOf(now.values);
  const changes = Object.entries(allOf(values)).flatMap(([name, to]) => {
    const from = before[name] ?? null;
    return isDeepStrictEqual(from, to) ? [] : [[name, { from, to }] as const];
  });
  if (changes.length === 0) return undefined;
  const version = now.version + 1;
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

/** Only what was ever set is kept: of the rest the deployment has the say. */
const merged = (
  before: SettingsChange,
  { concurrency, notifications, ...wanted }: SettingsChange,
): SettingsChange => ({
  ...before,
  ...wanted,
  ...(concurrency && { concurrency: { ...before.concurrency, ...concurrency } }),
  ...(notifications && {
    notifications: {
      ...before.notifications,
      ...notifications,
      ...(notifications.email && { email: { ...before.notifications?.email, ...notifications.email } }),
    },
  }),
});

const matches = (ifMatch: string, now: SettingsNow): boolean =>
  ifMatch.split(',').some((tag) => ['*', etagOf(now)].includes(tag.trim()));
