import * as z from 'zod';
import { MAX_REASON } from '../job/audit-entry.ts';

/** Why somebody asks for something, for those who read the audit. */
export const Reason = z
  .string()
  .trim()
  .min(1)
  .max(MAX_REASON)
  .refine((value) => value.isWellFormed(), { error: 'Must be well-formed Unicode.' });
