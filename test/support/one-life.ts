/**
 * The life of one job without a token as a user would tell it: what it is, and what becomes of it. A state machine of
 * the tests' own, made from the design and not from the lifecycle table.
 */
export interface Life {
  readonly is:
    | 'Ready'
    | 'Suspended'
    | 'Running'
    | 'Pausing'
    | 'Canceling'
    | 'Succeeded'
    | 'Failed'
    | 'Canceled'
    | 'gone';
  /** Milliseconds since 1970, where it waits for a date, or will when it has stopped. */
  readonly date?: number | undefined;
  /** Until when a worker holds it; nobody does if it is absent. */
  readonly heldUntil?: number | undefined;
  readonly goesWhenOver?: boolean;
  readonly claims: number;
  readonly retries: number;
  readonly crashes: number;
}

export const BORN: Life = { is: 'Ready', claims: 0, retries: 0, crashes: 0 };

export type Wish =
  | { readonly verb: 'cancel' | 'pause' | 'resume' | 'delete' | 'delete by force' }
  | { readonly verb: 'postpone' | 'reschedule'; readonly until: number };

const isOver = ({ is }: Life): boolean => ['Succeeded', 'Failed', 'Canceled'].includes(is);
const runs = ({ is }: Life): boolean => is === 'Running' || is === 'Pausing';

/** What a person's wish makes of it; nothing if it is refused. */
export function afterWish(life: Life, wish: Wish): Life | undefined {
  const gone: Life = { ...life, is: 'gone' };
  switch (wish.verb) {
    case 'cancel':
      if (life.is === 'Ready' || life.is === 'Suspended') return { ...life, is: 'Canceled', date: undefined };
      return runs(life) || life.is === 'Canceling' ? { ...life, is: 'Canceling' } : undefined;
    case 'pause':
      return runs(life) ? { ...life, is: 'Pausing', date: undefined } : undefined;
    case 'resume':
      return life.is === 'Suspended' ? { ...life, is: 'Ready', date: undefined } : undefined;
    case 'postpone':
      if (life.is === 'Ready') return { ...life, is: 'Suspended', date: wish.until };
      return runs(life) ? { ...life, is: 'Pausing', date: wish.until } : undefined;
    case 'reschedule':
      return life.is === 'Suspended' && life.date !== undefined ? { ...life, date: wish.until } : undefined;
    case 'delete':
      return life.is === 'Suspended' || isOver(life) ? gone : undefined;
    case 'delete by force':
      if (life.is === 'Ready' || life.is === 'Suspended' || isOver(life)) return gone;
      return life.is === 'gone' ? undefined : { ...life, is: 'Canceling', goesWhenOver: true };
    default:
      return wish satisfies never;
  }
}

/** How a slice of the job ends by itself. */
export type End = 'gets done' | 'fails' | 'fails for good' | 'needs more time' | 'dies';

export interface Run {
  /** When the ring is heard. */
  readonly now: number;
  readonly leaseEndsAt: number;
  /** What people ask for while it runs. */
  readonly wishes: readonly Wish[];
  readonly end: End;
  readonly maxRetries: number;
  readonly backOffMs: number;
  /** Workers in a row that may die on it. */
  readonly maxCrashes: number;
}

/** Nobody holds it: what somebody has asked of its last worker is done by whoever looks. */
function settled(life: Life, isCrash: boolean): Life {
  const free = { ...life, heldUntil: undefined };
  if (life.is === 'Canceling') {
    return { ...free, is: life.goesWhenOver ? 'gone' : 'Canceled', date: undefined };
  }
  return { ...free, is: 'Suspended', crashes: life.crashes + (isCrash ? 1 : 0) };
}

/** Whether whoever hears a ring takes it, and as what. */
function claimed(life: Life, { now, leaseEndsAt }: Run): Life | undefined {
  const mayRun =
    life.is === 'Ready' ||
    life.is === 'Running' ||
    (life.is === 'Suspended' && life.date !== undefined && life.date <= now);
  if (!mayRun) return undefined;
  return { ...life, is: 'Running', date: undefined, heldUntil: leaseEndsAt, claims: life.claims + 1 };
}

/** What a ring makes of it, in the lane for any job. */
export function afterRing(before: Life, run: Run): Life {
  let life = before;
  const isHeld = life.heldUntil !== undefined;
  if (isHeld && (life.heldUntil ?? 0) > run.now) return life;
  if (life.is === 'Pausing' || life.is === 'Canceling') life = settled(life, isHeld);
  else if (life.is === 'Running' && isHeld) {
    life = { ...life, crashes: life.crashes + 1 };
    if (life.crashes >= run.maxCrashes)
      return { ...life, crashes: before.crashes, is: 'Failed', heldUntil: undefined };
  }
  const running = claimed(life, run);
  if (running === undefined) return life;
  const asked = run.wishes.reduce((now, wish) => afterWish(now, wish) ?? now, running);
  return ended(asked, run);
}

function ended(life: Life, { end, now, maxRetries, backOffMs }: Run): Life {
  if (end === 'dies') return life;
  const free = { ...life, heldUntil: undefined };
  const isCanceled = life.is === 'Canceling';
  if (!isCanceled && end === 'gets done') return { ...free, is: 'Succeeded', date: undefined };
  const isTheEnd = end === 'fails for good' || (end === 'fails' && life.retries >= maxRetries);
  if (!isCanceled && isTheEnd) return { ...free, is: 'Failed', date: undefined };
  if (life.is !== 'Running') return settled(life, false);
  // It has come to a checkpoint: a worker that gets on is no killer.
  if (end === 'needs more time') return { ...free, crashes: 0 };
  return { ...free, is: 'Suspended', retries: life.retries + 1, date: now + backOffMs };
}
