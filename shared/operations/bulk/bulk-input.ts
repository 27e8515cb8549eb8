import * as z from 'zod';
import { compileFilter } from '../../query/compile-filter.ts';
import { MAX_FILTER_CHARACTERS } from '../../query/parse-filter.ts';
import { QueryFault } from '../../query/query-fault.ts';
import { Reason } from '../../service/reason.ts';

/** A filter in the syntax of OData; what is wrong with it is a fault of the input. */
const FilterText = z
  .string()
  .max(MAX_FILTER_CHARACTERS)
  .superRefine((text, context) => {
    try {
      if (text.length <= MAX_FILTER_CHARACTERS) compileFilter(text);
    } catch (error) {
      if (!(error instanceof QueryFault)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  })
  .describe("Which jobs, as an OData filter: statuscode eq 30 and completedon lt now() sub duration'P30D'");

const instant = z.iso
  .datetime({ offset: true, error: 'Must be an ISO 8601 date and time with offset.' })
  .overwrite((text) => new Date(text).toISOString());

export const BULK_VERBS = ['cancel', 'pause', 'resume', 'postpone', 'delete', 'rerun'] as const;
export type BulkVerb = (typeof BULK_VERBS)[number];

const SHARED = {
  filter: FilterText,
  reason: Reason.exactOptional(),
  /** For admins: all jobs, not only their own; what they order without it is for all. */
  asAdmin: z.boolean().exactOptional().describe('All jobs, not only those of whoever orders it. For admins.'),
};

/** What each verb's order says. */
export const BULK_INPUTS = {
  cancel: z.strictObject(SHARED),
  pause: z.strictObject(SHARED),
  resume: z.strictObject(SHARED),
  postpone: z.strictObject({ ...SHARED, until: instant.describe('The new date of each.') }),
  delete: z.strictObject({
    ...SHARED,
    force: z.boolean().exactOptional().describe('Queued and Active ones too: they are stopped first.'),
  }),
  rerun: z.strictObject({
    ...SHARED,
    fromCheckpoint: z.boolean().exactOptional().describe('From where each of them was, not from the start.'),
  }),
} as const;

/** As the code that serves all verbs sees it. */
export interface BulkInput {
  readonly filter: string;
  readonly reason?: string;
  readonly asAdmin?: boolean;
  readonly until?: string;
  readonly force?: boolean;
  readonly fromCheckpoint?: boolean;
}
