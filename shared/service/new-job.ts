import * as z from 'zod';
import { MAX_DESCRIPTION, MAX_NAME } from '../job/job.ts';
import type { Json } from '../job/json.ts';

/** 2 MiB of JSON text. */
export const MAX_INPUT_BYTES = 2 * 1024 * 1024;
/**
 * An input lies on the row itself, so that a small job needs no second item, as long as it and the other texts
 * of the order have at most this many bytes together: the rest of the row's 1 KB is for what comes later.
 */
export const ORDER_ON_ROW_BYTES = 300;

/** Half a character (a lone surrogate) is no text: no store takes it. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((value) => value.isWellFormed(), { error: 'Must be well-formed Unicode.' });

/** What a caller says to create a job. Its input is checked against the operation's schema afterwards. */
export const NewJob = z.strictObject({
  operation: z.string().min(1).max(100),
  input: z.json(),
  name: text(MAX_NAME).optional(),
  description: text(MAX_DESCRIPTION).optional(),
});
export type NewJob = z.infer<typeof NewJob> & { input: Json };

/** Fields that the interface has but this version does not serve yet: refused by name, never ignored. */
export const LATER_FIELDS = [
  'dependencyToken',
  'postponeUntil',
  'recurrence',
  'maxRetries',
  'regarding',
  'deleteOnSuccess',
  'owner',
  'inputBlobId',
  'jobId',
  'idempotencyKey',
] as const;
