import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../../../../shared/service/caller.ts';
import type { Profile } from '../../../../shared/service/notifications/ports.ts';
import { callerMemory } from '../../../../shared/service/notifications/remember-caller.ts';
import { OPERATOR } from '../../../support/callers.ts';
import { NOON, settableClock } from '../../../support/memory/settable-clock.ts';

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;

/** A memory of callers, with all that it writes down and says. */
function aMemory() {
  const clock = settableClock();
  const written: [userId: string, profile: Profile, expiresAt: number][] = [];
  const said: object[] = [];
  const table = { isDown: false };
  const remember = callerMemory({
    inbox: {
      async putProfile(...given) {
        if (table.isDown) throw new Error('Too many requests.');
        written.push(given);
      },
    },
    clock,
    log: (text, facts) => void said.push({ text, ...facts }),
  });
  const users = () => written.map(([userId]) => userId);
  return { clock, table, remember, written, said, users };
}
const user = (n: number): Caller => ({ id: `user ${n}`, role: 'operator', name: 'A user' });

describe('the memory of callers', () => {
  it.each<[Partial<Caller>, Profile]>([
    [{ name: 'Olga', email: 'olga@example.com' }, { email: 'olga@example.com' }],
    [{ email: 'olga@example.com' }, { email: 'olga@example.com' }],
    [{ name: 'Olga' }, {}],
    [{}, { isMachine: true }],
  ])('keeps an address for 400 days, and whether it is a program: %j', async (token, profile) => {
    const { remember, written } = aMemory();
    await remember({ id: 'olga', role: 'operator', ...token });
    expect(written).toStrictEqual([['olga', profile, NOON / 1_000 + 400 * DAY_S]]);
  });

  it('writes an address once a day, and anew when it changes', async () => {
    const { clock, remember, written, users } = aMemory();
    await remember(OPERATOR);
    clock.advance(11 * HOUR_MS);
    await remember(OPERATOR);
    expect(users()).toEqual(['olga']);
    await remember({ ...OPERATOR, email: 'new@example.com' });
    clock.advance(HOUR_MS);
    for (let time = 0; time < 2; time++) await remember({ ...OPERATOR, email: 'new@example.com' });
    expect(written.map(([, { email }]) => email)).toEqual([
      'olga@example.com',
      'new@example.com',
      'new@example.com',
    ]);
  });

  it('knows ten thousand callers at a time; then it begins anew', async () => {
    const { remember, users } = aMemory();
    for (let time = 0; time < 2; time++) for (let n = 0; n < 10_000; n++) await remember(user(n));
    expect(users()).toHaveLength(10_000);
    for (const n of [10_000, 10_000, 0]) await remember(user(n));
    expect(users().slice(10_000)).toEqual(['user 10000', 'user 0']);
  });

  it('fails no order: it says so and tries at the next one', async () => {
    const { table, remember, said, users } = aMemory();
    table.isDown = true;
    await remember(OPERATOR);
    expect(said).toEqual([
      { text: 'an address was not kept', userId: 'olga', error: 'Error: Too many requests.' },
    ]);
    table.isDown = false;
    await remember(OPERATOR);
    expect(users()).toEqual(['olga']);
  });
});
