import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { keepResult, RESULT_ON_ROW_BYTES, resultOf } from '../../../shared/service/result.ts';
import { aRunningJob } from '../../support/a-job.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';

/** What a kilobyte has room for beside the columns of a job, with 290 bytes for what its end brings. */
const roomBeside = (job: Job): number => {
  const columns = Object.entries(job).map(([name, value]) => Buffer.byteLength(`${name}::${String(value)}`));
  return 1_024 - 290 - columns.reduce((sum, bytes) => sum + bytes);
};
/** A text of so many bytes, as JSON. */
const ofBytes = (bytes: number): string => `${'ü'.repeat(10)}${'x'.repeat(bytes - 22)}`;

const PLAIN = aRunningJob();
const FULL = aRunningJob({ description: 'ü'.repeat(200) });

describe('a result', () => {
  it.each([
    ['that has room', PLAIN, roomBeside(PLAIN)],
    ['that is full: the end of a job frees a hundred bytes', FULL, RESULT_ON_ROW_BYTES],
  ])('lies on a row %s, and else in the details', async (_which, job, room) => {
    expect(room).toBeGreaterThanOrEqual(RESULT_ON_ROW_BYTES);
    const details = new MemoryJobDetails();
    for (const [bytes, isOnRow] of [
      [room, true],
      [room + 1, false],
    ] as const) {
      const result = ofBytes(bytes);
      const kept = await keepResult(job, result, details);
      expect(kept).toEqual(
        isOnRow ? { hasResult: false, result: JSON.stringify(result) } : { hasResult: true },
      );
      expect(await details.getResult(job)).toEqual(isOnRow ? undefined : result);
      expect(await resultOf({ ...job, ...kept }, details)).toBe(result);
    }
  });

  it('is none where there is none', async () => {
    expect(await resultOf(PLAIN, new MemoryJobDetails())).toBeUndefined();
  });
});
