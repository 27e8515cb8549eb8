import { describe, expect, it } from '@jest/globals';
import { quietProfile } from '../support/sim/profile.ts';
import { reportOf } from '../support/sim/report.ts';
import { simulate } from '../support/sim/simulate.ts';
import type { Death } from '../support/sim/wire.ts';

const SEEDS = [1, 2, 3, 4];
/** Deaths that are not tried are those of a history that has become longer. */
const FEWEST_DEATHS = 200;

/** Every way to die in this role: before a call to the outside takes effect, or after it. */
async function everyDeath(seed: number, role: Death['role'], scans: boolean): Promise<Death[]> {
  const { callsOf } = await simulate({ seed, hasGroupLock: true, profile: quietProfile({ scans }) });
  return Array.from({ length: callsOf(role) }, (_, call) => call + 1).flatMap((atCall) => [
    { role, atCall, when: 'killedBefore' },
    { role, atCall, when: 'killedAfter' },
  ]);
}

/** How many deaths were tried. Fails at the first that breaks something. */
async function tryEveryDeath(role: Death['role'], scans: boolean): Promise<number> {
  let tried = 0;
  for (const seed of SEEDS) {
    for (const death of await everyDeath(seed, role, scans)) {
      const history = await simulate({ seed, hasGroupLock: true, profile: quietProfile({ scans }), death });
      if (history.violation !== undefined)
        throw new Error(`${JSON.stringify(death)}\n${reportOf(history, 60)}`);
      tried++;
    }
  }
  return tried;
}

describe('a worker that is killed at any call to the outside', () => {
  it('costs nothing: its message comes back, and all comes to its end without a scan', async () => {
    expect(await tryEveryDeath('worker', false)).toBeGreaterThan(FEWEST_DEATHS);
  });
});

describe('a server that is killed at any call to the outside', () => {
  it('leaves nothing that the scan does not find', async () => {
    expect(await tryEveryDeath('client', true)).toBeGreaterThan(FEWEST_DEATHS / 4);
  });
});
