import type { Verb } from './lifecycle.ts';
import type { PersonVerb } from './open-verbs.ts';
import type { StatusCode } from './status.ts';

/** A step of a job as it is remembered: who did what, when, why, and from which status to which. */
export interface AuditEntry {
  /** UTC ISO 8601. */
  readonly at: string;
  /** A user's id, or `SERVICE`. */
  readonly by: string;
  readonly byName?: string;
  readonly verb: Verb | PersonVerb | 'create';
  /** Left out where whoever made the step did not read the row before it. */
  readonly from?: StatusCode;
  readonly to?: StatusCode;
  /** The latest claim at that moment; entries of one instant are told apart, and ordered, by it. */
  readonly claimNumber: number;
  readonly reason?: string;
  /** The date that was asked for, or at which the next try comes. */
  readonly until?: string;
  /** The job that a rerun has made. */
  readonly newJobId?: string;
}

/** Who made the steps that nobody has asked for. */
export const SERVICE = 'service';

/** Characters: with it an entry stays within one write unit. */
export const MAX_REASON = 200;

/** Clocks differ: what was done on top of another step comes after it, if only by a millisecond. */
export const after = (modifiedOn: string, now: string): string =>
  now > modifiedOn ? now : new Date(Date.parse(modifiedOn) + 1).toISOString();

const CLAIM_DIGITS = 8;

/**
 * Names of the same moment sort as their claims do, and two of one claim never share a name: a rerun changes nothing
 * that would keep a second one off, so it has the name of its job besides.
 */
export const entryIdOf = ({ at, claimNumber, verb, by, newJobId }: AuditEntry): string =>
  [
    at,
    String(claimNumber).padStart(CLAIM_DIGITS, '0'),
    verb,
    by,
    ...(newJobId === undefined ? [] : [newJobId]),
  ].join('~');
