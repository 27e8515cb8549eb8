import type { Job } from '../job/job.ts';
import { progressOf } from '../job/progress.ts';
import type { Worker } from './answer-ring.ts';
import { LogWriter } from './log-writer.ts';
import type { Checkpoint, LogFacts, Steps } from './operation.ts';
import type { SliceEnd } from './run-slice.ts';

/** What a slice of a job has to say: its operation's lines, and what the engine does with it. */
export class JobLog {
  readonly #job: Job;
  readonly #worker: Pick<Worker<never>, 'clock' | 'log'>;
  readonly #writer: LogWriter;
  #reached: Pick<Checkpoint, 'done' | 'total'> | undefined;

  constructor(job: Job, worker: Pick<Worker<never>, 'clock' | 'log' | 'logs' | 'maxLogLines' | 'alarm'>) {
    this.#job = job;
    this.#worker = worker;
    this.#writer = new LogWriter(job, worker);
    const { claimNumber, retryCount, crashCount = 0 } = job;
    const crashes = crashCount === 0 ? '' : `, ${crashCount} workers have died on it`;
    // The claim was the last write that set `modifiedOn`.
    this.#writer.mention(
      crashCount === 0 ? 'info' : 'warn',
      `A worker took the job (claim ${claimNumber}, try ${retryCount + 1}${crashes}).`,
      Date.parse(job.modifiedOn),
    );
  }

  /** A line of the operation; see `RunContext`. */
  readonly say = (text: string, { level, ...facts }: LogFacts = {}): void => {
    this.#worker.log(text, { jobId: this.#job.jobId, ...facts }, level);
    const { item } = facts;
    const at = this.#worker.clock();
    const etaSeconds = this.#etaSeconds(at);
    this.#writer.add(level ?? 'info', text, {
      at,
      ...(item !== undefined && { item }),
      ...(etaSeconds !== undefined && { etaSeconds }),
    });
  };

  /** The steps of the operation, held up where it says more than can be written. */
  async *keepingUp(steps: Steps): Steps {
    try {
      for (;;) {
        const step = await steps.next();
        if (step.done) return step.value;
        this.#reached = step.value;
        await this.#writer.keepUp();
        yield step.value;
      }
    } finally {
      await steps.return({});
    }
  }

  /** Before a checkpoint is saved: what it stands for is not done again, so it is not said again either. */
  write = (): Promise<void> => this.#writer.write();

  /** The last line, before the end is recorded: once a job is over its log is whole. */
  async end(end: SliceEnd): Promise<void> {
    this.#sayEnd(end);
    await this.#writer.close();
  }

  #sayEnd(end: SliceEnd): void {
    switch (end.kind) {
      case 'succeeded':
        return this.#writer.mention('info', 'The work is done.');
      case 'failed':
        return this.#writer.add('error', `The try failed: ${messageOf(end.error)}`);
      case 'waits':
        return this.#writer.mention('info', `The job waits for an event until ${end.waitFor.deadline}.`);
      case 'stopped':
        return this.#writer.mention(
          'info',
          'The worker stopped at a checkpoint: the rest is for another slice.',
        );
      case 'refused':
        return this.#writer.mention('info', 'The worker stopped, as it was asked to.');
      default:
        return end satisfies never;
    }
  }

  #etaSeconds(at: number): number | undefined {
    const { done, total } = this.#reached ?? {};
    const now = { ...this.#job, ...(done !== undefined && { progressDone: done }) };
    return progressOf(total === undefined ? now : { ...now, progressTotal: total }, at)?.etaSeconds;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
