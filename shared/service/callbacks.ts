import { type AuditEntry, SERVICE } from '../job/audit-entry.ts';
import { answer } from '../job/event-transitions.ts';
import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import { Status } from '../job/status.ts';
import type { Worker } from './answer-ring.ts';
import { note } from './audit.ts';
import type { Callback } from './callback.ts';
import type { Creator } from './create-job.ts';
import type { CallbackEvent, OpenCallback } from './operation.ts';
import { TransitionRefused } from './ports.ts';

/** What an answer says: JSON that `answer-callback.ts` has parsed. */
export type CallbackAnswer = { readonly result: Json } | { readonly error: CallbackError };
export interface CallbackError {
  readonly message: string;
  readonly code?: string;
  readonly permanent?: boolean;
}

/**
 * The callback of a running job, kept before its token is given away. If the deadline is over it is ended here, by the
 * same kind of write that keeps an answer: of the two one is first, so an answer that was acknowledged is never told as
 * a timeout, and after a timeout no answer is acknowledged.
 */
export async function openCallback<R>(
  job: Job,
  { key, deadlineMs }: { key: string; deadlineMs: number },
  { details, clock, newSecret }: Worker<R>,
): Promise<OpenCallback> {
  const deadline = new Date(clock() + deadlineMs).toISOString();
  let callback = await details.openCallback(job, { key, secret: newSecret(), deadline });
  const isLate = callback.answer === undefined && Date.parse(callback.deadline) <= clock();
  if (isLate && !callback.isOver) callback = await details.endCallback(job, key);
  const event = eventOf(callback);
  return {
    token: tokenOf(job, callback),
    deadline: callback.deadline,
    ...(event !== undefined && { event }),
  };
}

function eventOf({ answer: answered, isOver }: Callback): CallbackEvent | undefined {
  if (isOver) return { kind: 'timeout' };
  if (answered === undefined) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `answer-callback.ts` has parsed it
  const said = answered as unknown as CallbackAnswer;
  if ('result' in said) return { kind: 'answer', result: said.result };
  return { kind: 'error', permanent: false, ...said.error };
}

/** Which job, and the right to answer. Fits into a URL. */
const tokenOf = ({ jobId }: Job, { secret }: Callback): string => `${jobId}.${secret}`;

/** What a token says; nothing if it is none. */
export function readToken(token: string): { jobId: string; secret: string } | undefined {
  const [, jobId, secret] =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{1,64})$/.exec(token) ?? [];
  return jobId === undefined || secret === undefined ? undefined : { jobId, secret };
}

/**
 * The answer is kept: the job goes on, if it waits since this claim. If it does not, its worker has not come to its
 * wait yet, and looks whether there is an answer after it: of the two, who writes last sees what the other has written.
 */
export async function resumeAnswered(
  job: Job,
  service: Pick<Creator, 'jobs' | 'clock' | 'audit' | 'log'>,
  by: Pick<AuditEntry, 'by' | 'byName'> = { by: SERVICE },
): Promise<boolean> {
  try {
    await service.jobs.make(answer(job, new Date(service.clock()).toISOString()));
    await note(job, { ...by, verb: 'answer', from: Status.Waiting, to: Status.WaitingForResources }, service);
    return true;
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    return false;
  }
}

/** Whoever looks at a job that waits frees it, if its answer has come and nobody else has seen that. */
export async function freeIfAnswered<R>(job: Job, worker: Worker<R>): Promise<boolean> {
  const callback = await worker.details.getCallback(job);
  return callback?.answer !== undefined && resumeAnswered(job, worker);
}
