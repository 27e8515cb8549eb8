import type { Clock } from '../../local/clock.ts';

interface Alarm {
  readonly timeMs: number;
  readonly call: () => void;
}

/** A clock that a test sets: on its way it makes the calls that fall due, each at its own time. */
export class AlarmClock implements Clock {
  #nowMs: number;
  readonly #alarms = new Set<Alarm>();

  constructor(start: string) {
    this.#nowMs = Date.parse(start);
  }

  now(): number {
    return this.#nowMs;
  }

  at(timeMs: number, call: () => void): () => void {
    const alarm = { timeMs, call };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  async advanceTo(time: string | number): Promise<void> {
    const end = typeof time === 'number' ? time : Date.parse(time);
    await everythingUnderWay();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#alarms.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.timeMs);
      next.call();
      await everythingUnderWay();
    }
    this.#nowMs = end;
  }

  #next(end: number): Alarm | undefined {
    return [...this.#alarms].filter(({ timeMs }) => timeMs <= end).toSorted((a, b) => a.timeMs - b.timeMs)[0];
  }
}

/** What has been set going goes as far as it can without the time going on. */
const everythingUnderWay = () => new Promise((resolve) => setImmediate(resolve));
