import type { Caller } from '../caller.ts';
import type { Clock } from '../ports.ts';
import type { Inbox, Profile } from './ports.ts';
import { inDays } from './tell.ts';

/** Of somebody who orders nothing for so long nothing is known any more. */
const PROFILE_DAYS = 400;
const DAY_MS = 86_400_000;
/** Of so many users a process remembers that it has written them down. */
const MOST_REMEMBERED = 10_000;

interface Memory {
  readonly inbox: Pick<Inbox, 'putProfile'>;
  readonly clock: Clock;
  readonly log: (text: string, facts: Record<string, string>) => void;
}

/**
 * Keeps the address of whoever orders a job, for the mail at its end, since no row has room for it: once a day and process.
 * A token with neither name nor address is a program's. Never throws: no order fails for the sake of a mail.
 */
export function callerMemory({ inbox, clock, log }: Memory): (caller: Caller) => Promise<void> {
  const written = new Map<string, string>();
  return async ({ id, name, email }) => {
    const isMachine = name === undefined && email === undefined;
    const profile: Profile = {
      ...(email !== undefined && { email }),
      ...(isMachine && { isMachine }),
    };
    const state = JSON.stringify([profile, Math.floor(clock() / DAY_MS)]);
    if (written.get(id) === state) return;
    try {
      await inbox.putProfile(id, profile, inDays(PROFILE_DAYS, { clock }));
      if (written.size >= MOST_REMEMBERED) written.clear();
      written.set(id, state);
    } catch (error) {
      log('an address was not kept', { userId: id, error: String(error) });
    }
  };
}
