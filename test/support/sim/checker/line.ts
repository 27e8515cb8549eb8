import type { Commit, RowChange } from '../happening.ts';
import { isOver, type Model, RUNNING, type Rule } from './model.ts';

/** Nothing is ever put in front of a job that stands in line: sequences of a token commit in increasing order. */
export function joinsAtTheEnd(): Rule {
  const highest = new Map<string, number>();
  return (happening) => {
    if (happening.kind !== 'commit') return undefined;
    for (const { token, sequence, jobId, isThere } of happening.places) {
      if (!isThere) continue;
      const last = highest.get(token) ?? 0;
      if (sequence <= last)
        return `${jobId} got the place ${sequence} of ${token}, where ${last} was given out`;
      highest.set(token, sequence);
    }
    return undefined;
  };
}

/** Of a token only the oldest open job is ever taken: whatever it waits for, its followers wait with it. */
export const takesOnlyTheHead: Rule = (happening, _now, model) => {
  if (happening.kind !== 'commit') return undefined;
  for (const { before, after } of happening.rows) {
    const token = after?.dependencyToken;
    const wasTaken = after?.statusCode === RUNNING && after.claimNumber !== before?.claimNumber;
    if (token === undefined || !wasTaken) continue;
    for (const other of model.rows.values()) {
      const isAhead = other.dependencyToken === token && other.sequence < after.sequence && !isOver(other);
      if (isAhead) return `${after.jobId} was taken while ${other.jobId} stands before it in ${token}`;
    }
  }
  return undefined;
};

/** Whoever is open stands in line, and nobody else does; after every transaction. */
export const linesAndRowsAgree: Rule = (happening, _now, model) => {
  if (happening.kind !== 'commit') return undefined;
  return withoutPlace(happening, model) ?? withoutRow(happening, model);
};

function withoutPlace({ rows }: Commit, model: Model): string | undefined {
  const lost = rows.find((change) => !hasItsPlace(change, model));
  return lost && `${lost.jobId} is ${lost.after?.statusCode ?? 'gone'}, and its place says otherwise`;
}

function hasItsPlace({ jobId, before, after }: RowChange, model: Model): boolean {
  const job = after ?? before;
  if (job?.dependencyToken === undefined) return true;
  const isInLine = model.lineOf(job.dependencyToken).get(job.sequence) === jobId;
  return isInLine === (after !== undefined && !isOver(after));
}

function withoutRow({ places }: Commit, model: Model): string | undefined {
  for (const { jobId, isThere } of places) {
    const job = model.rows.get(jobId);
    const isOpen = job !== undefined && !isOver(job);
    if (isThere !== isOpen)
      return `the place of ${jobId} ${isThere ? 'came without' : 'went before'} its job`;
  }
  return undefined;
}
