import type { Shown } from './api-client.ts';

/** A job as it came over the wire, and its place in the order of creation. */
export interface Told {
  readonly jobId: string;
  readonly token: string;
  readonly place: number;
  readonly shownAs: string;
  readonly startedOn: string;
  readonly completedOn: string;
}

/**
 * What is wrong with a history, in words; nothing if nothing is. Written from what the service promises, with
 * nothing of the engine in it: jobs of a token run one at a time, in the order in which they were created, and all
 * of them come to an end.
 */
export function faultsOf(jobs: readonly Told[]): string[] {
  const unfinished = jobs.filter(({ completedOn }) => completedOn === undefined);
  const lines = Map.groupBy(jobs, ({ token }) => token);
  return [
    ...unfinished.map(({ jobId, shownAs }) => `${jobId} did not end: ${shownAs}`),
    ...[...lines].flatMap(([token, line]) => faultsOfLine(token, line)),
  ];
}

function faultsOfLine(token: string, line: readonly Told[]): string[] {
  const inOrder = line.toSorted((a, b) => a.place - b.place);
  return inOrder.slice(1).flatMap((job, index) => {
    const before = inOrder[index];
    // Within a millisecond the two instants may be the same.
    if (before === undefined || before.completedOn <= job.startedOn) return [];
    return [
      `token ${token}: job ${job.place} began at ${job.startedOn}, before job ${before.place} ended at ${before.completedOn}`,
    ];
  });
}

export const toldOf = (job: Shown, token: string, place: number): Told => ({
  jobId: job.jobId,
  token,
  place,
  shownAs: job.shownAs,
  startedOn: job.startedOn,
  completedOn: job.completedOn,
});
