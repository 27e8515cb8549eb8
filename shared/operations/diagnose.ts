import * as z from 'zod';
import { LANES } from '../job/lane.ts';
import { requireRole } from '../service/caller.ts';
import { type Checkpoint, type Outcome, PermanentError, type RunContext } from '../service/operation.ts';
import { defineOperation } from './define-operation.ts';

export interface DiagnoseRepositories {
  /** Ends the worker at once, as a crash would. */
  readonly crash: () => void;
}

const MAX_STEPS = 10_000;
const MAX_STEP_MS = 60_000;
const MAX_LOG_LINES = 1_000_000;
/** The result says as much of the latest runs. */
const MAX_RUNS = 100;

const stepNumber = z.int().min(1).max(MAX_STEPS);

const Input = z.strictObject({
  steps: z.int().min(0).max(MAX_STEPS).default(1),
  stepMs: z.int().min(0).max(MAX_STEP_MS).default(0),
  /** Fails at this step, each time it comes to it. */
  failAtStep: stepNumber.exactOptional(),
  /** Whether that failure is one that no second try can mend. */
  permanent: z.boolean().default(false),
  /** Kills its worker at this step; for admins. */
  crashAtStep: stepNumber.exactOptional(),
  logLines: z.int().min(0).max(MAX_LOG_LINES).default(0),
  lane: z.enum(LANES).default('standard'),
});
type Input = z.infer<typeof Input>;

const Run = z.object({
  /** Instant at which the slice began. */
  at: z.string(),
  /** Which instance, and which of its claims. */
  hostId: z.string(),
  claimNumber: z.number(),
  attempt: z.number(),
  crashes: z.number(),
  /** The first step that this slice ran. */
  fromStep: z.number(),
});
const Cursor = z.object({ step: z.number(), runs: z.array(Run), logged: z.number() });
type Cursor = z.infer<typeof Cursor>;

type Context = RunContext<DiagnoseRepositories, Cursor>;

/** Does nothing, step by step, and says who did it when: shows whether a deployment works. */
export const diagnose = defineOperation({
  name: 'diagnose',
  label: 'Diagnose',
  description:
    'Does nothing, step by step, and says which slices, tries and workers did it. Shows that a deployment works.',
  operationType: 100_000_003,
  lane: 'standard',
  laneOf: (input) => Input.parse(input).lane,
  authorize(input, caller) {
    if (Input.parse(input).crashAtStep !== undefined) requireRole(caller, 'admin');
  },
  input: Input,
  cursor: Cursor,
  async *run(input: Input, context: Context): AsyncGenerator<Checkpoint & { cursor: Cursor }, Outcome, void> {
    const { steps, stepMs } = input;
    let at = began(context);
    for (let next = at.step + 1; next <= steps; next++) {
      if (stepMs > 0) await context.sleep(stepMs);
      misbehave(next, input, context);
      at = { ...at, step: next, logged: logSome(next, at.logged, input, context) };
      yield { done: next, total: steps, cursor: at };
    }
    return { result: { steps: at.step, runs: at.runs }, friendlyMessage: `Made ${at.step} steps.` };
  },
});

/** Where the last saved checkpoint was, and this run beside those before it. */
function began({ cursor = { step: 0, runs: [], logged: 0 }, clock, run }: Context): Cursor {
  const { hostId, claimNumber, tries, crashes } = run;
  const at = new Date(clock()).toISOString();
  const now = { at, hostId, claimNumber, attempt: tries, crashes, fromStep: cursor.step + 1 };
  return { ...cursor, runs: [...cursor.runs, now].slice(-MAX_RUNS) };
}

function misbehave(
  step: number,
  { failAtStep, permanent, crashAtStep }: Input,
  { repositories }: Context,
): void {
  if (step === crashAtStep) repositories.crash();
  if (step !== failAtStep) return;
  const message = `Failed at step ${step}, as it was asked to.`;
  throw permanent ? new PermanentError(message) : new Error(message);
}

/** The lines are spread evenly over the steps. */
function logSome(step: number, logged: number, { steps, logLines }: Input, { log }: Context): number {
  const due = Math.floor((logLines * step) / steps);
  for (let line = logged + 1; line <= due; line++) log(`diagnose: line ${line} of ${logLines}`, { step });
  return due;
}
