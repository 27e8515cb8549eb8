import { v5 } from 'uuid';
import { after } from '../../job/audit-entry.ts';
import type { Job } from '../../job/job.ts';
import { msOfSequence } from '../../job/sequence.ts';
import { Status } from '../../job/status.ts';
import { watchAtOf, watchAtOfSuspended } from '../../job/watch.ts';
import { keepOrderTexts } from '../long-texts.ts';
import { newRow } from '../new-row.ts';
import type { Operations } from '../operation.ts';
import type { JobDetails } from '../ports.ts';
import { tokenKey } from '../token-key.ts';
import { relationTo, type Series } from './series.ts';

/** What it takes to make the row of an occurrence. */
export interface OccurrenceMaker {
  readonly details: JobDetails;
  readonly operations: Operations<never>;
  readonly nextSequence: () => number;
}

/**
 * The same id for the same occurrence of the same series in the same version, and another one if anything differs: two
 * that make the next occurrence at once either make the same one, or do not touch what belongs to each other's.
 */
export const occurrenceId = ({ seriesId, version, order, nextAt }: Series): string =>
  v5(`urn:longhaul:series:${seriesId}:${version}:${nextAt}:${JSON.stringify(order)}`, v5.URL);

/** With nothing else said, occurrences that may not run side by side stand in a line of their own. */
export const tokenOf = ({ seriesId, order, recurrence }: Series): string | undefined =>
  order.dependencyToken ?? (recurrence.overlap === 'queue' ? relationTo(seriesId) : undefined);

/** The row of the occurrence that is to come; keeps what does not fit on it first. Undefined for a series that is over. */
export async function occurrenceToCome(series: Series, maker: OccurrenceMaker): Promise<Job | undefined> {
  const { order, nextJobId: jobId, nextAt, ownerId, requestHash } = series;
  if (jobId === undefined || nextAt === undefined) return undefined;
  const operation = maker.operations.get(order.operation) ?? {
    name: order.operation,
    label: order.operation,
  };
  const sequence = maker.nextSequence();
  const now = msOfSequence(sequence);
  // Only the first one has an id that a client chose.
  const chosen = series.version === 1 && requestHash !== undefined ? { requestHash } : {};
  const own = { jobId, createdOn: new Date(now).toISOString(), ...chosen };
  const token = tokenOf(series);
  const texts = {
    name: order.name ?? operation.label,
    ...(order.description !== undefined && { description: order.description }),
    ...(token !== undefined && { dependencyToken: token }),
  };
  const lane = maker.operations.get(order.operation)?.laneOf?.(order.input);
  const extras = {
    ...chosen,
    ...(order.maxRetries !== undefined && { maxRetries: order.maxRetries }),
    ...(lane !== undefined && { lane }),
  };
  const kept = await keepOrderTexts(own, texts, maker.details);
  const facts = { jobId, operation, input: order.input, by: series.createdBy, texts: kept, extras };
  const { dependencyToken: _joinsLater, ...row } = newRow(facts, sequence);
  if (row.input === undefined) await maker.details.putInput(own, order.input);
  return waiting({ ...row, ownerId, relatedTo: relationTo(series.seriesId) }, series, now);
}

/** Suspended until the date of its series, or until the series is resumed. */
export function waiting({ postponeUntil: _before, ...row }: Job, series: Series, now: number): Job {
  const { nextAt, isPaused } = series;
  const date = isPaused || nextAt === undefined ? {} : { postponeUntil: nextAt };
  const watchAt = watchAtOfSuspended(date, now);
  return { ...row, ...date, watchAt, statusCode: Status.Waiting, isToCome: true };
}

const lineOf = (series: Series): { dependencyToken?: string } => {
  const token = tokenOf(series);
  return token === undefined ? {} : { dependencyToken: tokenKey(token) };
};

/** As it was ended before its date. It stood in no line; whoever runs it again wants to know where it belongs. */
export function leftOut({ isToCome: _over, ...row }: Job, series: Series): Job {
  return { ...row, ...lineOf(series) };
}

/** Its date has come: Ready, at the end of its token's line. */
export function joined(job: Job, series: Series, { sequence, now }: { sequence: number; now: number }): Job {
  const { postponeUntil: _date, isToCome: _came, ...row } = job;
  const line = lineOf(series);
  return {
    ...row,
    ...line,
    sequence,
    statusCode: Status.WaitingForResources,
    modifiedOn: after(job.modifiedOn, new Date(now).toISOString()),
    watchAt: watchAtOf(line, now),
  };
}
