import type { Job } from '../job/job.ts';
import { eachOf } from './each-of.ts';
import type { JobDetails } from './ports.ts';

const AT_ONCE = 16;

const isHashed = ({ longTexts }: Job): boolean => longTexts?.includes('dependencyToken') ?? false;

/** Rows carry a hash of a long token; people read the token. One read for each, however many jobs have it. */
export async function withWholeTokens(
  jobs: readonly Job[],
  details: Pick<JobDetails, 'getText'>,
): Promise<Job[]> {
  const hashed = new Map(jobs.filter(isHashed).map((job) => [job.dependencyToken, job]));
  const read = await eachOf(
    [...hashed],
    AT_ONCE,
    async ([key, job]) => [key, await details.getText(job, 'dependencyToken')] as const,
  );
  const tokens = new Map(read);
  return jobs.map((job) => {
    const dependencyToken = isHashed(job) ? tokens.get(job.dependencyToken) : undefined;
    return dependencyToken === undefined ? job : { ...job, dependencyToken };
  });
}
