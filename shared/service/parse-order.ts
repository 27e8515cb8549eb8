import { v5 } from 'uuid';
import * as z from 'zod';
import type { Caller } from './caller.ts';
import { InvalidInput } from './errors.ts';
import {
  IdempotencyKey,
  JobId,
  LATER_FIELDS,
  LATER_FIELDS_OF_BATCH,
  NewJob,
  NewJobOfBatch,
} from './new-job.ts';
import { parse } from './parse.ts';

/** Names in lower case, as HTTP APIs hand them over. */
export type Headers = Readonly<Record<string, string | undefined>>;

const KEY = 'idempotency-key';
const KeyHeader = z.object({ [KEY]: IdempotencyKey.optional() });
const JobPath = z.object({ jobId: JobId });

/** Scoped to the caller: nobody meets another one's keys. */
export const jobIdOf = (key: string, caller: Caller): string =>
  v5(`urn:longhaul:user:${caller.id}:key:${key}`, v5.URL);

/** `POST /jobs`: with a key in the header the same order again is the same job. */
export function parsePostedOrder(
  body: unknown,
  headers: Headers,
  caller: Caller,
): { order: NewJob; chosenId: string | undefined } {
  const chosenId = idOfKey(headers, caller);
  return { order: parseOrder(body), chosenId };
}

/** The job id that the header `Idempotency-Key` stands for, if it is there. */
export function idOfKey(headers: Headers, caller: Caller): string | undefined {
  const { [KEY]: key } = parse(KeyHeader, headers, { in: 'header' });
  return key === undefined ? undefined : jobIdOf(key, caller);
}

/** `PUT /jobs/{jobId}`: the path names the job. */
export function parsePutOrder(
  body: unknown,
  headers: Headers,
  params: unknown,
): { order: NewJob; chosenId: string } {
  const { jobId } = parse(JobPath, params, { in: 'path' });
  refuseKey(headers, 'The path names the job already; leave the key out.');
  return { order: parseOrder(body), chosenId: jobId };
}

/** A header that would have no effect is refused rather than passed over. */
export function refuseKey(headers: Headers, detail: string): void {
  if (headers[KEY] !== undefined) throw new InvalidInput([{ in: 'header', pointer: `/${KEY}`, detail }]);
}

/** One job of a batch. */
export interface OrderOfBatch {
  readonly order: Omit<NewJobOfBatch, 'jobId' | 'idempotencyKey'>;
  readonly chosenId: string | undefined;
  /** It brought the job's id, and no key. */
  readonly namesJob: boolean;
}

export function parseOrderOfBatch(item: unknown, caller: Caller): OrderOfBatch {
  const { jobId, idempotencyKey, ...order } = parse(NewJobOfBatch, item, { later: LATER_FIELDS_OF_BATCH });
  const keyId = idempotencyKey === undefined ? undefined : jobIdOf(idempotencyKey, caller);
  return { order, chosenId: jobId ?? keyId, namesJob: jobId !== undefined };
}

const parseOrder = (body: unknown): NewJob => parse(NewJob, body, { later: LATER_FIELDS });
