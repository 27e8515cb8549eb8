/**
 * The states and statuses of a job, with the numbers and labels of the Dataverse table `asyncoperation`.
 * A status belongs to exactly one state, so code decides on the status alone.
 */
export const State = { Ready: 0, Suspended: 1, Locked: 2, Completed: 3 } as const;
export type StateCode = (typeof State)[keyof typeof State];

export const Status = {
  WaitingForResources: 0,
  Waiting: 10,
  InProgress: 20,
  Pausing: 21,
  Canceling: 22,
  Succeeded: 30,
  Failed: 31,
  Canceled: 32,
} as const;
export type StatusCode = (typeof Status)[keyof typeof Status];

interface StatusFacts {
  readonly state: StateCode;
  readonly label: string;
  /** What a person reads; a Suspended job is told apart further by `shownAs`. */
  readonly shownAs: ShownAs;
}

export type ShownAs =
  | 'Queued'
  | 'Scheduled'
  | 'Retrying'
  | 'Paused'
  | 'Waiting'
  | 'Active'
  | 'Success'
  | 'Fail'
  | 'Stopped';

const FACTS: Readonly<Record<StatusCode, StatusFacts>> = {
  [Status.WaitingForResources]: { state: State.Ready, label: 'Waiting For Resources', shownAs: 'Queued' },
  [Status.Waiting]: { state: State.Suspended, label: 'Waiting', shownAs: 'Paused' },
  [Status.InProgress]: { state: State.Locked, label: 'In Progress', shownAs: 'Active' },
  [Status.Pausing]: { state: State.Locked, label: 'Pausing', shownAs: 'Active' },
  [Status.Canceling]: { state: State.Locked, label: 'Canceling', shownAs: 'Active' },
  [Status.Succeeded]: { state: State.Completed, label: 'Succeeded', shownAs: 'Success' },
  [Status.Failed]: { state: State.Completed, label: 'Failed', shownAs: 'Fail' },
  [Status.Canceled]: { state: State.Completed, label: 'Canceled', shownAs: 'Stopped' },
};

export const STATE_LABELS: Readonly<Record<StateCode, string>> = {
  [State.Ready]: 'Ready',
  [State.Suspended]: 'Suspended',
  [State.Locked]: 'Locked',
  [State.Completed]: 'Completed',
};

export const ALL_STATUSES: readonly StatusCode[] = Object.values(Status);
export const ALL_STATES: readonly StateCode[] = Object.values(State);

export const stateOf = (status: StatusCode): StateCode => FACTS[status].state;
export const statusLabel = (status: StatusCode): string => FACTS[status].label;
export const isCompleted = (status: StatusCode): boolean => stateOf(status) === State.Completed;

interface Shown {
  readonly statusCode: StatusCode;
  readonly postponeUntil?: string | undefined;
  readonly isRetrying?: true | undefined;
  readonly isWaitingForEvent?: true | undefined;
}

/** The one word that people see in lists. */
export function shownAs({ statusCode, postponeUntil, isRetrying, isWaitingForEvent }: Shown): ShownAs {
  if (statusCode !== Status.Waiting || postponeUntil === undefined) return FACTS[statusCode].shownAs;
  if (isWaitingForEvent) return 'Waiting';
  return isRetrying ? 'Retrying' : 'Scheduled';
}
