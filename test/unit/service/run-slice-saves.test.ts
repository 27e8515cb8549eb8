import { expect, it } from '@jest/globals';
import type { Checkpoint } from '../../../shared/service/operation.ts';
import { runSlice } from '../../../shared/service/run-slice.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';
import { stepsOf } from '../../support/steps.ts';

it('a checkpoint on which the operation counts is saved at once, however soon it comes', async () => {
  const clock = settableClock();
  const saved: number[] = [];
  const steps: Checkpoint[] = [1, 2, 3, 4].map((done) => ({
    done,
    cursor: done,
    ...(done === 2 && { mustSave: true }),
  }));
  await runSlice(stepsOf(steps), {
    clock,
    endsAt: clock() + 10_000,
    stop: new AbortController(),
    save: async ({ done }) => void saved.push(done),
  });
  expect(saved).toEqual([2]);
});
