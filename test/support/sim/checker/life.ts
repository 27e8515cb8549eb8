import type { Job } from '../../../../shared/job/job.ts';
import type { RowChange } from '../happening.ts';
import {
  CANCELED,
  CANCELING,
  dateOf,
  FAILED,
  isOver,
  type Model,
  PATIENCE_MS,
  PAUSING,
  READY,
  RUNNING,
  type Rule,
  SUCCEEDED,
  SUSPENDED,
} from './model.ts';

const GONE = 'gone';
const DEFAULT_RETRIES = 3;
const KILLED_ITS_WORKERS = 4;
/** The operation that is told of a cancel. */
const TELLS = 'wait';

interface Step {
  readonly before: Job;
  readonly after: Job | undefined;
  readonly now: number;
  readonly model: Model;
}

type Allowed = (step: Step) => boolean;

const always: Allowed = () => true;
const asked =
  (...verbs: Parameters<Model['wasAsked']>[1][]): Allowed =>
  ({ before, model }) =>
    model.wasAsked(before.jobId, ...verbs);
const isDue: Allowed = ({ before, now }) => (dateOf(before) ?? Number.POSITIVE_INFINITY) <= now + PATIENCE_MS;
const keepsDate: Allowed = ({ before, after }) => before.postponeUntil === after?.postponeUntil;
const isRetry: Allowed = ({ before, after }) =>
  after?.retryCount === before.retryCount + 1 && after.postponeUntil !== undefined;
const isWait: Allowed = ({ before, after }) =>
  after?.isWaitingForEvent === true &&
  after.postponeUntil !== undefined &&
  after.retryCount === before.retryCount;
/** Whether there was one is looked at elsewhere: `callbacks.ts`. */
const isAnswer: Allowed = ({ before }) => before.isWaitingForEvent === true;
const isToBeTold: Allowed = ({ before }) => before.operation === TELLS && before.claimNumber > 0;
const isNotToBeTold: Allowed = (step) => !isToBeTold(step);
const deletesItself: Allowed = ({ before }) =>
  before.deleteOnSuccess === true && before.requestHash === undefined;
/** What becomes of an occurrence before its date is looked at elsewhere: `series.ts`. */
const isToCome: Allowed = ({ before }) => before.isToCome === true;
const hasCome: Allowed = ({ before }) => before.isToCome === undefined;
const bothOf =
  (a: Allowed, b: Allowed): Allowed =>
  (step) =>
    a(step) && b(step);
const eitherOf =
  (a: Allowed, b: Allowed): Allowed =>
  (step) =>
    a(step) || b(step);

/** From which status a job may come to which, and what for. */
const NEXT: Readonly<Record<number, Readonly<Record<number | typeof GONE, Allowed | undefined>>>> = {
  [READY]: {
    [RUNNING]: always,
    [SUSPENDED]: asked('postpone'),
    [CANCELING]: bothOf(asked('cancel', 'force-delete'), isToBeTold),
    [CANCELED]: bothOf(asked('cancel'), isNotToBeTold),
    [GONE]: bothOf(asked('force-delete'), isNotToBeTold),
  },
  [SUSPENDED]: {
    [RUNNING]: bothOf(isDue, hasCome),
    [READY]: eitherOf(isAnswer, eitherOf(isDue, bothOf(asked('resume'), hasCome))),
    [SUSPENDED]: eitherOf(isToCome, asked('reschedule')),
    [CANCELING]: bothOf(asked('cancel', 'delete', 'force-delete'), isToBeTold),
    [CANCELED]: eitherOf(isToCome, bothOf(asked('cancel'), isNotToBeTold)),
    [GONE]: eitherOf(isToCome, bothOf(asked('delete', 'force-delete'), isNotToBeTold)),
  },
  [RUNNING]: {
    [RUNNING]: always,
    [PAUSING]: asked('pause', 'postpone'),
    [CANCELING]: asked('cancel', 'force-delete'),
    [SUSPENDED]: eitherOf(isRetry, isWait),
    [SUCCEEDED]: always,
    [FAILED]: always,
    [GONE]: undefined,
  },
  [PAUSING]: {
    [PAUSING]: asked('pause', 'postpone'),
    [CANCELING]: asked('cancel', 'force-delete'),
    [SUSPENDED]: keepsDate,
    [SUCCEEDED]: always,
    [FAILED]: always,
    [GONE]: undefined,
  },
  [CANCELING]: {
    [CANCELING]: asked('cancel', 'force-delete'),
    [CANCELED]: always,
    [GONE]: asked('delete', 'force-delete'),
  },
  [SUCCEEDED]: { [GONE]: eitherOf(deletesItself, asked('delete', 'force-delete')) },
  [FAILED]: { [GONE]: asked('delete', 'force-delete') },
  [CANCELED]: { [GONE]: asked('delete', 'force-delete') },
};

/** A job goes only where its life leads: a Completed one never changes, a claim never goes back. */
export const livesByTheTable: Rule = (happening, now, model) => {
  if (happening.kind !== 'commit') return undefined;
  for (const change of happening.rows) {
    const fault = faultOf(change, now, model);
    if (fault !== undefined) return `${change.jobId}: ${fault}`;
  }
  return undefined;
};

function faultOf({ before, after }: RowChange, now: number, model: Model): string | undefined {
  if (before === undefined) return after && faultOfNew(after);
  if (isOver(before) && after !== undefined) return `was over (${before.statusCode}) and has changed`;
  const to = after?.statusCode ?? GONE;
  if (NEXT[before.statusCode]?.[to]?.({ before, after, now, model }) !== true) {
    return `came from ${before.statusCode} to ${to}, which nobody may do now`;
  }
  return after && (faultOfClaim(before, after, now) ?? faultOfColumns(before, after));
}

/** Only the holder of the latest claim says how the work went; of a dead one others may say that it is over. */
export function onlyTheHolderWrites(): Rule {
  const holders = new Map<string, string>();
  return (happening) => {
    if (happening.kind !== 'commit') return undefined;
    for (const { jobId, before, after } of happening.rows) {
      const wasTaken =
        after !== undefined && before !== undefined && after.claimNumber !== before.claimNumber;
      if (wasTaken) holders.set(jobId, happening.host);
      else if (before && after && saysHowItWent(before, after) && holders.get(jobId) !== happening.host) {
        return `${jobId} went from ${before.statusCode} to ${after.statusCode} by ${happening.host}, and ${holders.get(jobId) ?? 'nobody'} holds it`;
      }
    }
    return undefined;
  };
}

function saysHowItWent(before: Job, { statusCode, errorCode }: Job): boolean {
  if (before.statusCode !== RUNNING && before.statusCode !== PAUSING) return false;
  const isRequest = statusCode === PAUSING || statusCode === CANCELING;
  const isSettled = before.statusCode === PAUSING && statusCode === SUSPENDED;
  return !isRequest && !isSettled && !(statusCode === FAILED && errorCode === KILLED_ITS_WORKERS);
}

const faultOfNew = ({ statusCode, claimNumber }: Job): string | undefined =>
  (statusCode === READY || statusCode === SUSPENDED) && claimNumber === 0
    ? undefined
    : `began in ${statusCode} with claim ${claimNumber}`;

function faultOfClaim(before: Job, after: Job, now: number): string | undefined {
  const risen = after.claimNumber - before.claimNumber;
  const wasTaken = after.hostId !== undefined && after.hostId !== before.hostId;
  if (risen !== (wasTaken ? 1 : 0)) {
    return `was ${wasTaken ? 'taken' : 'kept'}, and its claim number went from ${before.claimNumber} to ${after.claimNumber}`;
  }
  const lease = before.leaseEndsAt;
  if (wasTaken && lease !== undefined && Date.parse(lease) > now + PATIENCE_MS) {
    return `was taken from a holder whose lease ends only at ${lease}`;
  }
  return undefined;
}

function faultOfColumns(before: Job, after: Job): string | undefined {
  if (after.retryCount > (after.maxRetries ?? DEFAULT_RETRIES)) return 'was tried too often';
  // At the end of the line, by the clock of whoever lets it in.
  const joins = before.isToCome === true && after.isToCome === undefined;
  if ((after.sequence !== before.sequence && !joins) || after.createdOn !== before.createdOn)
    return 'changed its birth';
  if (before.isToCome === undefined && after.isToCome) return 'has come, and is to come again';
  if (isOver(after) !== (after.completedOn !== undefined)) return 'has a wrong date of completion';
  if (after.isWaitingForEvent && after.statusCode !== SUSPENDED)
    return 'waits for an event, and does not wait';
  if (isOver(after) && after.watchAt !== undefined) return 'is over and still watched';
  if ((after.executionTimeSpan ?? 0) < (before.executionTimeSpan ?? 0)) return 'forgot time that was spent';
  const isForPeople = after.statusCode === PAUSING || after.statusCode === CANCELING;
  if (after.isPlatformGenerated && isForPeople) return 'is the platform’s, and obeyed a person';
  return undefined;
}
