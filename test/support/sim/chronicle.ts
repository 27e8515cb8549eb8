import type { Answer, Happening, Order, RowChange, SeriesAnswer, SeriesStep } from './happening.ts';

interface Line {
  readonly now: number;
  readonly who: string;
  readonly what: string | Happening;
}

/** What has happened, to be read by people. Kept as it came, put into words only when it is read. */
export class Chronicle {
  readonly #start: number;
  readonly #lines: Line[] = [];

  constructor(start: number) {
    this.#start = start;
  }

  note(now: number, who: string, what: string | Happening): void {
    this.#lines.push({ now, who, what });
  }

  /** The last lines, or all of them. */
  read(most = Number.POSITIVE_INFINITY): string[] {
    return this.#lines.slice(-most).map(({ now, who, what }) => {
      const seconds = ((now - this.#start) / 1_000).toFixed(3).padStart(9);
      return `${seconds}  ${who.padEnd(12)} ${typeof what === 'string' ? what : wordsOf(what)}`;
    });
  }
}

const short = (jobId: string): string => jobId.slice(-3);

export function wordsOf(happening: Happening): string {
  switch (happening.kind) {
    case 'commit': {
      const rows = happening.rows.map(rowWords);
      const places = happening.places.map(
        ({ token, jobId, isThere }) => `${isThere ? '+' : '-'}${token}/${short(jobId)}`,
      );
      const tails = happening.tails.map(({ token, watchAt }) => `${token} watched ${clockOf(watchAt)}`);
      const series = happening.series === undefined ? [] : [seriesWords(happening.series)];
      return `${happening.verb}: ${[...series, ...rows, ...places, ...tails].join(', ')}`;
    }
    case 'began':
    case 'ended': {
      const { jobId, claimNumber, from, lane } = happening.run;
      return `run of ${short(jobId)} ${happening.kind}, claim ${claimNumber}, from step ${from}, ${lane}`;
    }
    case 'effect':
      return `step ${happening.step} of ${short(happening.run.jobId)}, claim ${happening.run.claimNumber}`;
    case 'token':
      return `${short(happening.jobId)} gives away ${tokenWords(happening.token)}, good until ${clockOf(happening.deadline)}`;
    case 'heard':
      return `${tokenWords(happening.token)}: hears ${JSON.stringify(happening.event)}`;
    case 'answering':
      return `${tokenWords(happening.token)}: says ${JSON.stringify(happening.said)}`;
    case 'callback':
      return `${tokenWords(happening.token)}: ${JSON.stringify(happening.said)} ${answerWords(happening.answer)}`;
    case 'told':
      return `${short(happening.jobId)}: its operation is told of the cancel`;
    case 'died':
      return `dies by ${typeof happening.cause === 'string' ? happening.cause : short(happening.cause.jobId)}`;
    case 'ordered':
      return `order ${orderWords(happening.order)}`;
    case 'created':
      return `order ${orderWords(happening.order)} ${answerWords(happening.answer)}`;
    case 'answered':
      return `${happening.verb} of ${short(happening.jobId)} ${answerWords(happening.answer)}`;
    case 'asked':
      return `${happening.verb} of ${short(happening.jobId)} is asked for`;
    case 'timer':
      return `timer of ${short(happening.jobId)} at ${clockOf(new Date(happening.at).toISOString())}`;
    case 'cursor':
      return `cursor of ${short(happening.jobId)} at step ${happening.step}`;
    case 'series-ordered':
      return `series ${orderWords(happening.order)}`;
    case 'series-created':
      return `series ${orderWords(happening.order)} ${seriesAnswerWords(happening.answer)}`;
    case 'series-asked':
      return `${happening.verb} of series ${short(happening.seriesId)} is asked for`;
    case 'series-answered':
      return `${happening.verb} of series ${short(happening.seriesId)} ${seriesAnswerWords(happening.answer)}`;
    case 'left-behind':
      return `left behind ${happening.what}`;
    case 'faults-end':
      return 'faults stop';
    case 'end':
      return `${happening.when}, ${happening.messages} messages`;
    default:
      return happening satisfies never;
  }
}

const tokenWords = (token: string): string => `token ${short(token.split('.')[0] ?? '')}.${short(token)}`;

const orderWords = ({ id, body }: Order): string =>
  `${id === undefined ? 'without id' : short(id)} ${body.replaceAll(/x{9,}/g, 'x…')}`;

function answerWords(answer: Answer): string {
  if (answer.is === 'done') return `gives ${answer.job === undefined ? 'none' : short(answer.job.jobId)}`;
  return answer.is === 'refused' ? `is refused with ${answer.code}` : 'has no answer';
}

function seriesAnswerWords(answer: SeriesAnswer): string {
  if (answer.is === 'done')
    return `gives ${answer.series === undefined ? 'none' : `version ${answer.series.version}`}`;
  return answer.is === 'refused' ? `is refused with ${answer.code}` : 'has no answer';
}

function seriesWords({ seriesId, before, after }: SeriesStep): string {
  const id = short(seriesId);
  if (after === undefined) return `series ${id} v${before?.version} gone`;
  const { version, nextAt, nextJobId, left, isPaused, recurrence } = after;
  const facts = [
    nextJobId === undefined ? 'over' : `${short(nextJobId)} comes ${nextAt?.slice(5, 19)}`,
    left !== undefined && `${left} left`,
    isPaused && 'paused',
    `${recurrence.pattern} missed ${recurrence.missed} overlap ${recurrence.overlap}`,
  ].filter((fact) => fact !== false && fact !== undefined);
  return `series ${id} v${version} (${facts.join(', ')})`;
}

const clockOf = (instant: string | undefined): string => instant?.slice(11, 23) ?? 'no more';

function rowWords({ jobId, before, after }: RowChange): string {
  if (after === undefined) return `${short(jobId)} ${before?.statusCode}→gone`;
  const { statusCode, claimNumber, dependencyToken, leaseEndsAt, postponeUntil, watchAt } = after;
  const facts = [
    `claim ${claimNumber}`,
    leaseEndsAt !== undefined && `lease ${clockOf(leaseEndsAt)}`,
    after.isToCome && 'to come',
    after.isWaitingForEvent && 'for an event',
    postponeUntil !== undefined && `until ${clockOf(postponeUntil)}`,
    watchAt !== undefined && dependencyToken === undefined && `watched ${clockOf(watchAt)}`,
    after.errorCode !== undefined && `error ${after.errorCode}`,
    after.crashCount !== undefined && `${after.crashCount} crashes`,
  ].filter((fact) => fact !== false && fact !== undefined);
  return `${short(jobId)} of ${dependencyToken ?? 'none'} ${before?.statusCode ?? 'new'}→${statusCode} (${facts.join(', ')})`;
}
