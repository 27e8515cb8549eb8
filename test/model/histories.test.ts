import { describe, expect, it } from '@jest/globals';
import { reportOf } from '../support/sim/report.ts';
import { simulate } from '../support/sim/simulate.ts';

/** More of them: npm run simulate. */
const HISTORIES = 1_000;
/** Milliseconds; on a busy machine. */
const MOST_TIME = 300_000;

/** Fails at the first history in which something was wrong; says how to see it again. */
async function allAreRight(hasGroupLock: boolean): Promise<number> {
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const history = await simulate({ seed, hasGroupLock });
    if (history.violation !== undefined) throw new Error(reportOf(history, 80));
  }
  return HISTORIES;
}

describe('whatever goes wrong with tables, queues, processes and clocks', () => {
  it(
    'everything that must hold holds after every step, and all comes to its end',
    async () => {
      expect(await allAreRight(true)).toBe(HISTORIES);
    },
    MOST_TIME,
  );

  it(
    'so it does where SQS gives messages of a group to several at once: no fence is missing',
    async () => {
      expect(await allAreRight(false)).toBe(HISTORIES);
    },
    MOST_TIME,
  );

  it('the same seed gives the same history, to the last line', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const once = await simulate({ seed, hasGroupLock: true });
      const again = await simulate({ seed, hasGroupLock: true });
      expect(again.read()).toEqual(once.read());
    }
  });
});
