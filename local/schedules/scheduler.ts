import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Deployed } from '../data-folder/deployed.ts';
import { arn } from '../template/identities.ts';
import type { DeclaredSchedule } from './declared-schedules.ts';
import { type Schedule, scheduleKey } from './schedule.ts';
import { targetInput } from './target-input.ts';
import { nextTurn } from './turns.ts';

export interface SchedulerSurroundings {
  readonly clock: Clock;
  /** Hands the event to the target; rejects when the target does not accept it. */
  deliver(schedule: Schedule, input: string): Promise<void>;
  log(text: string): void;
}

export const scheduleArn = ({ GroupName, Name }: Schedule) =>
  arn('scheduler', `schedule/${GroupName}/${Name}`);

const firstRetryMs = 1000;
const longestRetryMs = 60_000;

/**
 * Delivers the turns of the schedules, in their time zones. Turns that fall due while nothing runs here are not made up for:
 * the real one is never off. Its precision is a minute; here a turn comes at once.
 */
export class Scheduler {
  readonly #schedules: Deployed<Schedule, DeclaredSchedule>;
  readonly #around: SchedulerSurroundings;
  readonly #callsOff = new Map<string, () => void>();
  readonly #retries = new Set<() => void>();

  constructor(schedules: Deployed<Schedule, DeclaredSchedule>, around: SchedulerSurroundings) {
    this.#schedules = schedules;
    this.#around = around;
    for (const [key, schedule] of schedules.all)
      this.#arm(schedule, schedules.made.has(key) ? justBefore(schedule) : around.clock.now());
  }

  get(group: string, name: string): Schedule | undefined {
    return this.#schedules.get(scheduleKey(group, name));
  }

  /** Effective at once. */
  put(schedule: Schedule): void {
    this.#schedules.put(keyOf(schedule), schedule);
    const isNew = schedule.CreationDate === schedule.LastModificationDate;
    this.#arm(schedule, isNew ? justBefore(schedule) : this.#around.clock.now());
  }

  delete(schedule: Schedule): void {
    this.#callOff(keyOf(schedule));
    this.#schedules.delete(keyOf(schedule));
  }

  stop(): void {
    for (const callOff of [...this.#callsOff.values(), ...this.#retries]) callOff();
  }

  #arm(schedule: Schedule, afterMs: number): void {
    this.#callOff(keyOf(schedule));
    if (schedule.State === 'DISABLED') return;
    const turnMs = nextTurn(schedule, afterMs);
    if (turnMs === undefined) return;
    const take = () => this.#take(schedule, turnMs);
    this.#callsOff.set(keyOf(schedule), this.#around.clock.at(turnMs, take));
  }

  #take(schedule: Schedule, turnMs: number): void {
    this.#arm(schedule, Math.max(turnMs, this.#around.clock.now()));
    const isLast = nextTurn(schedule, turnMs) === undefined;
    if (isLast && schedule.ActionAfterCompletion === 'DELETE') this.delete(schedule);
    void this.#deliver(schedule, { turnMs, executionId: randomUUID(), attempt: 1 });
  }

  async #deliver(schedule: Schedule, turn: { turnMs: number; executionId: string; attempt: number }) {
    const delivery = { ...turn, scheduleArn: scheduleArn(schedule) };
    try {
      await this.#around.deliver(schedule, targetInput(schedule, delivery));
    } catch (error) {
      this.#around.log(`${delivery.scheduleArn}, attempt ${turn.attempt}: ${String(error)}`);
      this.#tryAgain(schedule, turn);
    }
  }

  /** The retry policy: so many retries, as long as the turn is not too old; the waits double. */
  #tryAgain(schedule: Schedule, turn: { turnMs: number; executionId: string; attempt: number }): void {
    const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = schedule.Target.RetryPolicy;
    const { clock } = this.#around;
    const againAt = clock.now() + Math.min(firstRetryMs * 2 ** (turn.attempt - 1), longestRetryMs);
    const isTooOld = againAt > turn.turnMs + MaximumEventAgeInSeconds * 1000;
    if (turn.attempt > MaximumRetryAttempts || isTooOld) return;
    const callOff = clock.at(againAt, () => {
      this.#retries.delete(callOff);
      void this.#deliver(schedule, { ...turn, attempt: turn.attempt + 1 });
    });
    this.#retries.add(callOff);
  }

  #callOff(key: string): void {
    this.#callsOff.get(key)?.();
    this.#callsOff.delete(key);
  }
}

const keyOf = ({ GroupName, Name }: Schedule) => scheduleKey(GroupName, Name);

/** The first turn of a rate is the moment of its creation. */
const justBefore = ({ CreationDate }: Schedule) => CreationDate * 1000 - 1;
