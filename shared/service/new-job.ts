import * as z from 'zod';
import { MAX_DESCRIPTION, MAX_NAME, MAX_TOKEN } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import { MOST_RETRIES } from './operation.ts';
import { MISSED, OVERLAPS } from './series/series.ts';

/** 2 MiB of JSON text. */
export const MAX_INPUT_BYTES = 2 * 1024 * 1024;
/** 100 MB, by upload. */
export const MAX_UPLOAD_BYTES = 100_000_000;
/** So long a presigned upload is good. */
export const INPUT_TICKET_SECONDS = 3_600;
/**
 * An input lies on the row itself, so that a small job needs no second item, as long as all that the order brings
 * has at most this many bytes together: the rest of the row's 1 KB is for what comes later.
 */
export const ORDER_ON_ROW_BYTES = 288;
/** Jobs in one batch. */
export const MAX_BATCH = 1_000;

/** Half a character (a lone surrogate) is no text: no store takes it. */
const isWhole = (value: string) => value.isWellFormed();
const WHOLE = { error: 'Must be well-formed Unicode.' };
const text = (most: number) => z.string().trim().min(1).max(most).refine(isWhole, WHOLE);
/** An instant with any offset, turned into UTC. */
export const Instant = z.iso
  .datetime({ offset: true, error: 'Must be an ISO 8601 date and time with offset.' })
  .transform((value) => new Date(value).toISOString());

/** What a caller says to create a job. Its input is checked against the operation's schema afterwards. */
const ORDER = {
  operation: z.string().min(1).max(100),
  input: z.json().optional(),
  /** From `POST /jobs/inputs`, instead of `input`. */
  inputBlobId: z.guid().optional(),
  name: text(MAX_NAME).optional(),
  description: text(MAX_DESCRIPTION).optional(),
  /** Any text, and not a character of it is changed: jobs with the same one run one at a time, in order. */
  dependencyToken: z.string().min(1).max(MAX_TOKEN).refine(isWhole, WHOLE).optional(),
  postponeUntil: Instant.optional(),
  maxRetries: z.int().min(0).max(MOST_RETRIES).optional(),
  deleteOnSuccess: z.boolean().optional(),
};
const hasOneInput = ({ input, inputBlobId }: { input?: unknown; inputBlobId?: unknown }) =>
  (input === undefined) !== (inputBlobId === undefined);
/** Looked at beside other faults, so that all of them are told at once. */
const isObject = ({ value }: { value: unknown }) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const ONE_INPUT = { path: ['input'], error: 'Give either "input" or "inputBlobId".', when: isObject };

/** Makes the job the first of a series. */
const NewRecurrence = z.strictObject({
  pattern: z.string(),
  /** At once if left out. */
  startTime: Instant.optional(),
  timeZone: z.string().optional(),
  missed: z.enum(MISSED).default('once'),
  overlap: z.enum(OVERLAPS).default('queue'),
});
export type NewRecurrence = z.infer<typeof NewRecurrence>;

/** The body of `PATCH /series/{seriesId}`: what is left out stays as it is, null takes it away. */
export const SeriesPatch = z.strictObject({
  input: ORDER.input,
  name: ORDER.name.nullable(),
  description: ORDER.description.nullable(),
  dependencyToken: ORDER.dependencyToken.nullable(),
  maxRetries: ORDER.maxRetries.nullable(),
  recurrence: NewRecurrence.extend({
    missed: z.enum(MISSED),
    overlap: z.enum(OVERLAPS),
    timeZone: z.string().nullable(),
  })
    .partial()
    .optional(),
});
export type SeriesPatch = z.infer<typeof SeriesPatch>;

export const NewJob = z
  .strictObject({ ...ORDER, recurrence: NewRecurrence.optional() })
  .refine(hasOneInput, ONE_INPUT);
export type NewJob = z.infer<typeof NewJob> & { input?: Json | undefined };

/** Any printable ASCII, as HTTP headers carry it. */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,256}$/, 'Must be 1 to 256 printable ASCII characters without spaces.');
/** UUIDs of any version, in any case. */
export const JobId = z.guid({ error: 'A job id is a UUID.' }).transform((id) => id.toLowerCase());

/** A job in a batch may bring an id or a key of its own, so that the batch can be sent again. */
export const NewJobOfBatch = z
  .strictObject({ ...ORDER, jobId: JobId.optional(), idempotencyKey: IdempotencyKey.optional() })
  .refine(hasOneInput, ONE_INPUT)
  .refine(({ jobId, idempotencyKey }) => jobId === undefined || idempotencyKey === undefined, {
    path: ['idempotencyKey'],
    error: 'Give either "jobId" or "idempotencyKey".',
    when: isObject,
  });
export type NewJobOfBatch = z.infer<typeof NewJobOfBatch> & { input?: Json | undefined };

/** Fields that the interface has but this version does not serve yet: refused by name, never ignored. */
export const LATER_FIELDS = ['regarding', 'owner'] as const;
/** Each series is ordered by itself. */
export const LATER_FIELDS_OF_BATCH = [...LATER_FIELDS, 'recurrence'] as const;
