import { describe, expect, it } from '@jest/globals';
import { MUTATIONS } from '../support/sim/mutations/all.ts';
import { simulate } from '../support/sim/simulate.ts';

/** How many histories it took, every other one without SQS's lock on groups. */
async function findsAfter(mutation: (typeof MUTATIONS)[number]): Promise<number> {
  const { foundWithin, recurs } = mutation;
  const kind = recurs === undefined ? {} : { hasSeries: recurs };
  for (let seed = 1; seed <= foundWithin; seed++) {
    const { violation } = await simulate({ seed, hasGroupLock: seed % 2 === 0, mutation, ...kind });
    if (violation !== undefined) return seed;
  }
  return Number.POSITIVE_INFINITY;
}

describe('the simulator finds an engine that', () => {
  it.each(MUTATIONS)('$is, within $foundWithin histories', async (mutation) => {
    expect(await findsAfter(mutation)).toBeLessThanOrEqual(mutation.foundWithin);
  });
});
