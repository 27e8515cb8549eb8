import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { withWholeTokens } from '../../../shared/service/whole-tokens.ts';
import { aJob } from '../../support/a-job.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';

const WHOLE = 'x'.repeat(300);
const hashed = (key: string): Job => aJob({ dependencyToken: key, longTexts: ['dependencyToken'] });

/** Details that say who was asked for. */
class AskedDetails extends MemoryJobDetails {
  readonly asked: string[] = [];

  override getText: MemoryJobDetails['getText'] = async (job, column) => {
    this.asked.push(job.jobId);
    return MemoryJobDetails.prototype.getText.call(this, job, column);
  };
}

describe('the tokens that people see', () => {
  it('are whole where the row has a hash, and as they are elsewhere; the order stays', async () => {
    const details = new AskedDetails();
    const jobs = [aJob(), hashed('sha256:a'), aJob({ dependencyToken: 'short', longTexts: ['name'] })];
    await details.putOrderText(jobs[1] ?? aJob(), 'dependencyToken', WHOLE);
    await details.putOrderText(jobs[2] ?? aJob(), 'dependencyToken', 'of another time');
    const shown = await withWholeTokens(jobs, details);
    expect(shown).toEqual([jobs[0], { ...jobs[1], dependencyToken: WHOLE }, jobs[2]]);
    expect(details.asked).toEqual([jobs[1]?.jobId]);
  });

  it('are read once for each, however many jobs have it', async () => {
    const details = new AskedDetails();
    const jobs = Array.from({ length: 50 }, (_, n) => hashed(`sha256:${n % 2}`));
    for (const [n, job] of jobs.entries())
      await details.putOrderText(job, 'dependencyToken', `${WHOLE}${n % 2}`);
    const shown = await withWholeTokens(jobs, details);
    expect(shown.map(({ dependencyToken }) => dependencyToken)).toEqual(
      jobs.map((_, n) => `${WHOLE}${n % 2}`),
    );
    expect(details.asked).toHaveLength(2);
  });

  it('stay hashes where the text is gone: the row is all that is left', async () => {
    const job = hashed('sha256:a');
    expect(await withWholeTokens([job], new MemoryJobDetails())).toEqual([job]);
  });
});
