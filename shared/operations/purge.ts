import * as z from 'zod';
import type { Checkpoint, Outcome } from '../service/operation.ts';
import { defineOperation } from './define-operation.ts';

/** The purge. There is no retention to set yet, so no job is ever due to be deleted, and it says so. */
export const purge = defineOperation({
  name: 'purge',
  label: 'Purge of completed jobs',
  description: 'Deletes completed jobs past their retention, every day at 1 AM. This version keeps all jobs.',
  operationType: 100_000_002,
  lane: 'standard',
  isPlatformGenerated: true,
  input: z.strictObject({}),
  cursor: z.null(),
  // oxlint-disable-next-line require-yield -- it ends at once
  async *run(): AsyncGenerator<Checkpoint & { cursor: null }, Outcome, void> {
    return { friendlyMessage: 'Nothing was due: this version keeps all jobs.' };
  },
});
