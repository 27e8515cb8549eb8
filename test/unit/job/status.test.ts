import { describe, expect, it } from '@jest/globals';
import {
  ALL_STATUSES,
  isCompleted,
  STATE_LABELS,
  type StatusCode,
  shownAs,
  stateOf,
  statusLabel,
} from '../../../shared/job/status.ts';

/** The choices `statecode` and `statuscode` of the Dataverse table `asyncoperation`, and the word for people. */
const DATAVERSE = [
  [0, 'Waiting For Resources', 0, 'Ready', 'Queued'],
  [10, 'Waiting', 1, 'Suspended', 'Paused'],
  [20, 'In Progress', 2, 'Locked', 'Active'],
  [21, 'Pausing', 2, 'Locked', 'Active'],
  [22, 'Canceling', 2, 'Locked', 'Active'],
  [30, 'Succeeded', 3, 'Completed', 'Success'],
  [31, 'Failed', 3, 'Completed', 'Fail'],
  [32, 'Canceled', 3, 'Completed', 'Stopped'],
] as const;

describe('the statuses of a job', () => {
  it('are those of Dataverse and no others', () => {
    expect(ALL_STATUSES).toEqual(DATAVERSE.map(([status]) => status));
  });

  it.each(DATAVERSE)(
    'status %d is "%s" of state %d "%s" and shown as %s',
    (status, label, state, stateLabel, word) => {
      expect([
        statusLabel(status),
        stateOf(status),
        STATE_LABELS[stateOf(status)],
        shownAs({ statusCode: status }),
      ]).toEqual([label, state, stateLabel, word]);
    },
  );

  it('are over exactly where the state is Completed', () => {
    expect(ALL_STATUSES.filter(isCompleted)).toEqual([30, 31, 32]);
  });
});

describe('the word that people see', () => {
  const postponeUntil = '2026-11-23T00:00:00.000Z';

  it('tells what a suspended job waits for: a date, its next try, an event, or a person', () => {
    expect(shownAs({ statusCode: 10, postponeUntil })).toBe('Scheduled');
    expect(shownAs({ statusCode: 10, postponeUntil, isRetrying: true })).toBe('Retrying');
    expect(shownAs({ statusCode: 10, postponeUntil, isWaitingForEvent: true })).toBe('Waiting');
    expect(shownAs({ statusCode: 10, postponeUntil: undefined })).toBe('Paused');
  });

  it.each(ALL_STATUSES.filter((status) => status !== 10))(
    'ignores a date in status %d',
    (status: StatusCode) => {
      const waits = { postponeUntil, isRetrying: true, isWaitingForEvent: true } as const;
      const dated = shownAs({ statusCode: status, ...waits });
      expect(dated).toBe(shownAs({ statusCode: status }));
    },
  );
});
