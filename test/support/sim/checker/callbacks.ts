import type { Commit, Happening } from '../happening.ts';
import {
  CANCELED,
  CANCELING,
  dateOf,
  type Model,
  PATIENCE_MS,
  READY,
  type Rule,
  SUSPENDED,
} from './model.ts';

type Heard = Extract<Happening, { kind: 'heard' }>;
type Given = Extract<Happening, { kind: 'callback' }>;

interface Token {
  readonly deadline: number;
  readonly sent: Set<string>;
  acknowledged?: string;
  heard?: string;
}

const TIMEOUT = 'timeout';

/** What was said to those who wait, and to those who answer them. */
export class Callbacks {
  readonly #tokens = new Map<string, Token>();
  /** The token that a job gave away last. */
  readonly #latest = new Map<string, Token>();
  readonly #told = new Set<string>();

  /** Of a callback there is one end: the answer that was acknowledged, or that there was none in time. */
  readonly haveOneEnd: Rule = (happening, now, model) => {
    if (happening.kind === 'token') return this.#give(happening);
    if (happening.kind === 'answering') this.#send(happening);
    if (happening.kind === 'callback') return this.#acknowledge(happening);
    if (happening.kind === 'heard') return this.#hear(happening, now);
    if (happening.kind === 'commit') return this.#freed(happening, now, model);
    return happening.kind === 'end' ? this.#overlooked(model) : undefined;
  };

  #give({ jobId, token, deadline }: Extract<Happening, { kind: 'token' }>): undefined {
    const known = this.#tokens.get(token) ?? { deadline: Date.parse(deadline), sent: new Set() };
    this.#tokens.set(token, known);
    this.#latest.set(jobId, known);
  }

  #send({ token, said }: Extract<Happening, { kind: 'answering' }>): void {
    this.#tokens.get(token)?.sent.add(JSON.stringify(said));
  }

  #acknowledge({ token, said, answer }: Given): string | undefined {
    if (answer.is === 'refused' && !['NotFound', 'Conflict'].includes(answer.code))
      return `an answer was refused with ${answer.code}`;
    const known = this.#tokens.get(token);
    if (answer.is !== 'done' || known === undefined) return undefined;
    const text = JSON.stringify(said);
    if (known.acknowledged !== undefined && known.acknowledged !== text)
      return `${text} was acknowledged, and ${known.acknowledged} before`;
    if (known.heard !== undefined && known.heard !== text)
      return `${text} was acknowledged, and the job has heard ${known.heard}`;
    known.acknowledged = text;
    return undefined;
  }

  #hear({ token, event }: Heard, now: number): string | undefined {
    const known = this.#tokens.get(token);
    const text = wordsOf(event);
    // The deadline may be over before the token is given away.
    if (known === undefined)
      return text === TIMEOUT ? undefined : 'heard of a callback that it never gave away';
    const isEarly = text === TIMEOUT && now < known.deadline - PATIENCE_MS;
    if (isEarly) return `heard of a timeout before ${new Date(known.deadline).toISOString()}`;
    if (text !== TIMEOUT && !known.sent.has(text)) return `heard ${text}, which nobody has said`;
    if (known.acknowledged !== undefined && known.acknowledged !== text)
      return `heard ${text}, and ${known.acknowledged} was acknowledged`;
    if (known.heard !== undefined && known.heard !== text) return `heard ${known.heard}, and then ${text}`;
    known.heard = text;
    return undefined;
  }

  /** Whoever waits for an event goes on by itself only if somebody has answered, or the date has come. */
  #freed({ rows }: Commit, now: number, model: Model): string | undefined {
    for (const { jobId, before, after } of rows) {
      const isFreed =
        before?.isWaitingForEvent && before.statusCode === SUSPENDED && after?.statusCode === READY;
      if (!isFreed || model.wasAsked(jobId, 'resume')) continue;
      const isDue = (dateOf(before) ?? 0) <= now + PATIENCE_MS;
      if (!isDue && this.#latest.get(jobId)?.sent.size === 0)
        return `${jobId} was freed, and nobody has answered`;
    }
    return undefined;
  }

  #overlooked(model: Model): string | undefined {
    for (const { jobId, statusCode, isWaitingForEvent } of model.rows.values()) {
      const isAnswered = this.#latest.get(jobId)?.acknowledged !== undefined;
      if (statusCode === SUSPENDED && isWaitingForEvent && isAnswered)
        return `${jobId} waits for an answer that was acknowledged`;
    }
    return undefined;
  }

  /** Where an operation wants to be told of a cancel, it was told before the job is over. */
  readonly areToldOfCancels: Rule = (happening) => {
    if (happening.kind === 'told') this.#told.add(happening.jobId);
    if (happening.kind !== 'commit') return undefined;
    for (const { jobId, before, after } of happening.rows) {
      const isOver = after === undefined || after.statusCode === CANCELED;
      const hasRun = before?.operation === 'wait' && before.claimNumber > 0;
      if (hasRun && before.statusCode === CANCELING && isOver && !this.#told.has(jobId))
        return `${jobId} was canceled, and its operation was not told`;
    }
    return undefined;
  };
}

function wordsOf(event: Heard['event']): string {
  if (event.kind === 'timeout') return TIMEOUT;
  if (event.kind === 'answer') return JSON.stringify({ result: event.result });
  const { kind: _kind, ...error } = event;
  return JSON.stringify({ error: { message: error.message, permanent: error.permanent } });
}
