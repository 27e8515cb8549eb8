import { createHash } from 'node:crypto';
import { stringify } from 'uuid';
import type { Job } from '../../job/job.ts';
import { Status, type StatusCode } from '../../job/status.ts';
import type { Operation } from '../operation.ts';
import type { More } from './digest.ts';

/** An entry of a user's inbox: a job of theirs is over, or many are. */
export interface Notification {
  readonly userId: string;
  /** Grows with time, and is the same whenever the same end of the same job is told: see `timedId`. */
  readonly notificationId: string;
  readonly jobId?: string;
  readonly operation?: string;
  /** Of a digest, which stands for many jobs: its words follow from that. */
  readonly more?: More;
  readonly title: string;
  readonly text: string;
  /** Where the job is; absent when it has deleted itself. */
  readonly link?: string;
  readonly createdOn: string;
  readonly readOn?: string;
}

/** How long an entry stays in the inbox. */
export const KEPT_DAYS = 30;

type Told = Pick<Operation<never>, 'label' | 'itemColumns'>;

const OUTCOME: Partial<Record<StatusCode, string>> = {
  [Status.Succeeded]: 'SUCCESS',
  [Status.Failed]: 'FAIL',
  [Status.Canceled]: 'STOPPED',
};

/** What the owner of a job that is over reads of it. */
export function notificationOf(job: Job, told: Told | undefined): Notification {
  const { ownerId: userId, jobId, operation, completedOn, modifiedOn } = job;
  const hasGone = job.deleteOnSuccess === true && job.statusCode === Status.Succeeded;
  return {
    userId,
    notificationId: notificationId(job),
    jobId,
    operation,
    title: `${told?.label ?? operation} - ${OUTCOME[job.statusCode] ?? ''}`,
    text: sentenceOf(job, isOfMany(told)),
    ...(!hasGone && { link: `/jobs/${jobId}` }),
    createdOn: completedOn ?? modifiedOn,
  };
}

/** It has done something to many jobs, and its own entry says to how many. */
export const isOfMany = (told: Told | undefined): boolean => told?.itemColumns !== undefined;

function sentenceOf({ name, statusCode, friendlyMessage, message }: Job, saysCounts: boolean): string {
  if (statusCode === Status.Succeeded && saysCounts && friendlyMessage !== undefined)
    return `"${name}" has completed successfully: ${friendlyMessage}`;
  if (statusCode === Status.Succeeded) return `"${name}" has completed successfully.`;
  if (statusCode === Status.Canceled) return `"${name}" was canceled.`;
  const why = friendlyMessage ?? message;
  return why === undefined ? `"${name}" has failed.` : `"${name}" has failed: ${why}`;
}

const notificationId = ({ jobId, sequence, completedOn, modifiedOn }: Job): string =>
  timedId(completedOn ?? modifiedOn, `${jobId}/${sequence}`);

/**
 * A UUIDv7 of a moment, with bits of a hash in place of random ones: what the stream hands over twice has the same id
 * twice, and ids are sorted by time.
 */
export function timedId(at: string, seed: string): string {
  const bytes = createHash('sha256').update(seed).digest().subarray(0, 16);
  bytes.writeUIntBE(Date.parse(at), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return stringify(bytes);
}
