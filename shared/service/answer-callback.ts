import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Job } from '../job/job.ts';
import { isCompleted } from '../job/status.ts';
import { readToken, resumeAnswered } from './callbacks.ts';
import { type Caller, requireRole } from './caller.ts';
import type { Creator } from './create-job.ts';
import { Conflict, InvalidInput, NotFound, Unavailable } from './errors.ts';
import { MAX_INPUT_BYTES } from './new-job.ts';
import { parse } from './parse.ts';
import { ringOf } from './ring-of.ts';

const MAX_ERROR_MESSAGE = 1_000;
const MAX_ERROR_CODE = 100;

const isWhole = (text: string) => text.isWellFormed();
const WHOLE = { error: 'Must be well-formed Unicode.' };

/** `POST /callbacks`. */
const Answer = z
  .strictObject({
    token: z.string().min(1).max(200),
    result: z.json().optional(),
    error: z
      .strictObject({
        message: z.string().min(1).max(MAX_ERROR_MESSAGE).refine(isWhole, WHOLE),
        code: z.string().min(1).max(MAX_ERROR_CODE).refine(isWhole, WHOLE).exactOptional(),
        /** No second try can mend it. */
        permanent: z.boolean().exactOptional(),
      })
      .optional(),
  })
  .refine(({ result, error }) => (result === undefined) !== (error === undefined), {
    path: ['result'],
    error: 'Give either "result" or "error".',
  });

type Service = Pick<Creator, 'jobs' | 'details' | 'audit' | 'doorbell' | 'operations' | 'clock' | 'log'>;

/**
 * Answers what a job waits for. When this returns the answer is kept for good, whatever the job does just then, and
 * may be sent again. Throws `InvalidInput`, `NotAllowed`, `NotFound` for a token that is none or not good any more,
 * `Conflict` where there is another answer.
 */
export async function answerCallback(body: unknown, caller: Caller, service: Service): Promise<void> {
  requireRole(caller, 'operator');
  const { token, result, error } = parse(Answer, body);
  const answer = error === undefined ? { result: result ?? null } : { error };
  refuseTooLarge(answer);
  const { job, secret } = await waiting(token, service);
  const answered = await service.details.answerCallback(job, secret, answer);
  if (answered.is === 'another') throw new Conflict('This callback has another answer already.');
  if (answered.is !== 'kept') throw unknownToken();
  const { claimNumber } = answered;
  // Also where the same answer comes again: the first one may have been cut off here.
  await goOn({ ...job, claimNumber }, caller, service);
}

function refuseTooLarge(answer: object): void {
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes <= MAX_INPUT_BYTES) return;
  const detail = `The answer has ${bytes} bytes; at most ${MAX_INPUT_BYTES} are allowed.`;
  throw new InvalidInput([{ pointer: '/result', detail }]);
}

/** The job that this token belongs to, if it is good. */
async function waiting(token: string, { jobs, details }: Service): Promise<{ job: Job; secret: string }> {
  const { jobId, secret } = readToken(token) ?? {};
  const job = jobId === undefined ? undefined : await jobs.get(jobId);
  if (job === undefined || secret === undefined) throw unknownToken();
  const callback = await details.getCallback(job);
  if (callback === undefined || !isSame(secret, callback.secret)) throw unknownToken();
  // Nobody would hear it any more; only that it was heard can be said again.
  if (isCompleted(job.statusCode) && callback.answer === undefined) throw unknownToken();
  return { job, secret };
}

/** In the same time whatever they have in common. */
const isSame = (given: string, kept: string): boolean => timingSafeEqual(hashOf(given), hashOf(kept));
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const unknownToken = (): NotFound => new NotFound('open callback', 'of this token');

async function goOn(job: Job, caller: Caller, service: Service): Promise<void> {
  let isFreed: boolean;
  try {
    const byName = caller.name === undefined ? {} : { byName: caller.name };
    isFreed = await resumeAnswered(job, service, { by: caller.id, ...byName });
  } catch (error) {
    throw new Unavailable('The answer could not be handed on.', error);
  }
  if (!isFreed) return;
  try {
    await service.doorbell.ring(ringOf(job, service.operations));
  } catch (error) {
    service.log('ring failed, the scan will find the job', { jobId: job.jobId, error: String(error) });
  }
}
