import * as z from 'zod';
import type { Json } from '../../../shared/job/json.ts';
import type { Lane } from '../../../shared/job/lane.ts';
import type { ScanRepositories } from '../../../shared/operations/reprocess.ts';
import {
  type CallbackEvent,
  type OpenCallback,
  type Operation,
  PermanentError,
  type RunContext,
  type Steps,
} from '../../../shared/service/operation.ts';
import type { Dice } from './dice.ts';
import type { Run } from './happening.ts';
import type { Host } from './host.ts';

export const MANNERS = [
  /** A step or two, at once. */
  'quick',
  /** Many steps, a checkpoint after each. */
  'steps',
  /** One long step that obeys the signal: whoever stops it loses what it did. */
  'single',
  /** Goes on for some time after the signal. */
  'stubborn',
  /** Fails now and then. */
  'flaky',
  /** Fails for good. */
  'doomed',
  /** Its worker dies, always. */
  'killer',
  /** Its worker dies now and then. */
  'clumsy',
  /** Waits for an answer in the middle, as the operation `wait`. */
  'waiting',
] as const;
export type Manner = (typeof MANNERS)[number];

const Work = z.strictObject({
  manner: z.enum(MANNERS),
  steps: z.int(),
  ms: z.int(),
  isBulk: z.boolean(),
  /** Makes an input that does not fit on the row. */
  padding: z.string(),
  /** How long it waits for an answer. */
  waitMs: z.int(),
});
export type Work = z.infer<typeof Work>;

const Cursor = z.object({ step: z.int() });

/** What a worker lends to the operation: where it runs, and who sees what it does. */
export interface Stage extends ScanRepositories {
  readonly host: Host;
  readonly lane: Lane;
  readonly dice: Dice;
  readonly alarm: (ms: number, then: () => void) => () => void;
  readonly began: (run: Run) => void;
  readonly did: (run: Run, step: number) => void;
  readonly ended: (run: Run) => void;
  readonly gave: (jobId: string, callback: OpenCallback) => void;
  readonly heard: (token: string, event: CallbackEvent) => void;
  readonly told: (jobId: string) => void;
  /** Nobody will answer any more: whoever is resumed then goes on. */
  readonly isEnding: () => boolean;
}

type Context = RunContext<Stage>;
/** The operation whose jobs all histories are about: it works as its input says. */
export const workload: Operation<Stage> = {
  name: 'work',
  label: 'Work',
  description: 'Works in one of several manners.',
  operationType: 100_000_009,
  lane: 'standard',
  laneOf: (input) => (Work.parse(input).isBulk ? 'bulk' : undefined),
  input: Work,
  run: runAsOrdered,
};

/** The same work where something else has to be told of a cancel. */
export const waiting: Operation<Stage> = {
  ...workload,
  name: 'wait',
  onCancel: async (_input, { jobId, repositories }) => repositories.told(jobId),
};

async function* runAsOrdered(input: Json, context: Context): Steps {
  const { repositories: stage, jobId, cursor } = context;
  const from = cursor === undefined ? 0 : Cursor.parse(cursor).step;
  const { claimNumber } = context.run;
  const facts = { jobId, claimNumber, host: stage.host.name, lane: stage.lane, from, input };
  stage.began(facts);
  try {
    return yield* work(Work.parse(input), facts, context);
  } finally {
    if (!stage.host.isDead) stage.ended(facts);
  }
}

async function* work(order: Work, run: Run, context: Context): Steps {
  const { repositories: stage } = context;
  for (let step = run.from + 1; step <= order.steps; step++) {
    await takeTime(order, context);
    const wait = await callbackOf(order, step, context);
    if (wait !== undefined) {
      stage.gave(run.jobId, wait);
      // The answer may be faster than we.
      if (stage.dice.chance(0.5)) await context.sleep(stage.dice.between(1, 300));
      return { waitFor: wait };
    }
    await meetTrouble(order, step, context);
    stage.did(run, step);
    yield { done: step, total: order.steps, cursor: { step } };
  }
  return { result: { steps: order.steps } };
}

async function takeTime({ manner, ms }: Work, context: Context): Promise<void> {
  if (manner === 'stubborn') await deafSleep(ms, context);
  else if (ms > 0) await context.sleep(ms);
}

/** What it has to wait for at this step; nothing if an event has come, or nobody would answer any more. */
async function callbackOf(
  { manner, steps, waitMs }: Work,
  step: number,
  context: Context,
): Promise<OpenCallback | undefined> {
  if (manner !== 'waiting' || step !== Math.ceil(steps / 2)) return undefined;
  const { repositories: stage } = context;
  const callback = await context.callback(`try-${context.run.tries}`, waitMs);
  const { token, event } = callback;
  if (event === undefined) return stage.isEnding() ? undefined : callback;
  stage.heard(token, event);
  if (event.kind === 'error')
    throw event.permanent ? new PermanentError(event.message) : new Error(event.message);
  return undefined;
}

/** Without an ear for the signal. */
const deafSleep = (ms: number, { repositories }: Context): Promise<void> =>
  new Promise((resolve) => {
    repositories.alarm(ms, resolve);
  });

async function meetTrouble({ manner, steps }: Work, step: number, context: Context): Promise<void> {
  const { dice, host } = context.repositories;
  const isMiddle = step === Math.ceil(steps / 2);
  if (manner === 'doomed' && isMiddle) throw new PermanentError('This can not be done.');
  if (manner === 'flaky' && dice.chance(0.25)) throw new Error('It went wrong.');
  if ((manner === 'killer' && isMiddle) || (manner === 'clumsy' && dice.chance(0.2))) {
    host.kill({ jobId: context.jobId });
    await new Promise<never>(() => undefined);
  }
}

const TIMES: Readonly<Record<Manner, { steps: readonly [number, number]; ms: readonly [number, number] }>> = {
  quick: { steps: [0, 2], ms: [0, 0] },
  steps: { steps: [2, 10], ms: [50, 2_500] },
  single: { steps: [1, 1], ms: [500, 12_000] },
  stubborn: { steps: [1, 3], ms: [2_000, 9_000] },
  flaky: { steps: [1, 6], ms: [10, 1_500] },
  doomed: { steps: [1, 3], ms: [10, 500] },
  killer: { steps: [1, 4], ms: [10, 1_500] },
  clumsy: { steps: [1, 6], ms: [10, 1_500] },
  waiting: { steps: [1, 4], ms: [0, 1_500] },
};

const OFTEN: readonly [Manner, ...Manner[]] = [
  ...MANNERS,
  'quick',
  'quick',
  'quick',
  'steps',
  'steps',
  'waiting',
  'waiting',
];

export function someWork(dice: Dice, dates: readonly [number, ...number[]]): Work {
  const manner = dice.pick(OFTEN);
  const { steps, ms } = TIMES[manner];
  return {
    manner,
    steps: dice.between(...steps),
    ms: dice.between(...ms),
    isBulk: dice.chance(0.3),
    padding: dice.chance(0.2) ? 'x'.repeat(400) : '',
    waitMs: dice.pick(dates),
  };
}
