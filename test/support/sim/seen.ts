import { Status } from '../../../shared/job/status.ts';
import type { Series } from '../../../shared/service/series/series.ts';
import type { Happening, SeriesStep } from './happening.ts';
import { START } from './world.ts';

/** No history reaches these dates. */
const FAR_AWAY = START + 24 * 60 * 60_000;

/** What a history needs to know of itself. */
export class Seen {
  readonly #jobs = new Set<string>();
  readonly #open = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #series = new Map<string, Series>();
  latestDate = 0;
  onToken: (token: string) => void = () => undefined;

  get jobs(): readonly string[] {
    return [...this.#jobs];
  }

  get open(): readonly string[] {
    return [...this.#open];
  }

  /** For a person, or for a date that the history does not reach. */
  get waiting(): readonly string[] {
    return [...this.#waiting];
  }

  /** Those that are not over. */
  get series(): readonly Series[] {
    return [...this.#series.values()];
  }

  see(happening: Happening): void {
    if (happening.kind === 'token') this.onToken(happening.token);
    if (happening.kind !== 'commit') return;
    if (happening.series !== undefined) this.#keep(happening.series);
    for (const { jobId, after } of happening.rows) {
      this.#jobs.add(jobId);
      if (after === undefined || after.completedOn !== undefined) this.#open.delete(jobId);
      else this.#open.add(jobId);
      const date = after?.postponeUntil === undefined ? undefined : Date.parse(after.postponeUntil);
      if (date !== undefined && date < FAR_AWAY) this.latestDate = Math.max(this.latestDate, date);
      const waits = after?.statusCode === Status.Waiting && (date ?? FAR_AWAY) >= FAR_AWAY;
      // An occurrence to come goes with its series.
      if (waits && after.isToCome === undefined) this.#waiting.add(jobId);
      else this.#waiting.delete(jobId);
    }
  }

  #keep({ seriesId, after }: SeriesStep): void {
    if (after === undefined || after.endedOn !== undefined) this.#series.delete(seriesId);
    else this.#series.set(seriesId, after);
  }
}
