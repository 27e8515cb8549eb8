import type { Operation } from '../../service/operation.ts';
import { type BulkRepositories, bulkOperation } from './bulk-operation.ts';

/** One operation for each verb that is applied to many jobs. Dataverse: values of one's own in a choice begin at 100,000,000. */
export const BULK_OPERATIONS: readonly Operation<BulkRepositories>[] = [
  bulkOperation('cancel', {
    label: 'Bulk cancel',
    description:
      'Cancels all jobs that match a filter: waiting ones at once, running ones at their next checkpoint.',
    operationType: 100_000_010,
  }),
  bulkOperation('pause', {
    label: 'Bulk pause',
    description: 'Pauses all running jobs that match a filter, at their next checkpoint.',
    operationType: 100_000_011,
  }),
  bulkOperation('resume', {
    label: 'Bulk resume',
    description: 'Resumes all suspended jobs that match a filter.',
    operationType: 100_000_012,
  }),
  bulkOperation('postpone', {
    label: 'Bulk postpone',
    description: 'Postpones all jobs that match a filter until a date.',
    operationType: 100_000_013,
  }),
  bulkOperation('delete', {
    label: 'Bulk delete',
    description:
      'Deletes all completed and suspended jobs that match a filter, with all that belongs to them.',
    // The one that Dataverse has.
    operationType: 13,
  }),
  bulkOperation('rerun', {
    label: 'Bulk rerun',
    description:
      'Creates completed jobs that match a filter anew, from the start or from their last checkpoint.',
    operationType: 100_000_014,
  }),
];
