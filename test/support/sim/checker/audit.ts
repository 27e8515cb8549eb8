import type { Happening } from '../happening.ts';
import type { Rule } from './model.ts';

type Answered = Extract<Happening, { kind: 'answered' }>;

/** The verbs that always leave an entry; a deletion takes the entries along. */
const NOTED: readonly string[] = ['cancel', 'pause', 'resume', 'postpone', 'reschedule'];

/** Who leaves occurrences out by their series' own policies. */
const SERVICE = 'service';

interface Count {
  asked: number;
  refused: number;
  noted: number;
  /** By when they were made: two of one person in the same moment are one. */
  readonly acknowledged: Set<string>;
}

/** What is written down of people's verbs, held against what was done and what was answered. */
export class Audit {
  readonly #counts = new Map<string, Count>();
  /** Jobs that were to come: to resume one of them is to give it another date. */
  readonly #occurrences = new Set<string>();

  /** An entry says from where and to where its step has really led. */
  readonly isTrue: Rule = (happening) => {
    if (happening.kind !== 'commit' || happening.noted === undefined) return undefined;
    const { noted, rows } = happening;
    const [change] = rows;
    const was = [change?.before?.statusCode, change?.after?.statusCode];
    return was[0] === noted.from && was[1] === noted.to
      ? undefined
      : `${change?.jobId} went ${was.join(' to ')}, and ${noted.verb} is noted as ${noted.from} to ${noted.to}`;
  };

  /** No verb that was acknowledged is lost, none that was refused is made, and none is made twice. */
  readonly countsOnce: Rule = (happening) => {
    if (happening.kind === 'asked') this.#of(happening.jobId, happening.verb).asked++;
    if (happening.kind === 'answered') return this.#answer(happening);
    if (happening.kind !== 'commit') return undefined;
    for (const { jobId, after } of happening.rows) if (after?.isToCome) this.#occurrences.add(jobId);
    const { noted, rows } = happening;
    const jobId = rows[0]?.jobId ?? '';
    if (noted === undefined || noted.by === SERVICE || !NOTED.includes(noted.verb)) return undefined;
    const count = this.#of(jobId, noted.verb);
    count.noted++;
    return this.#isRight(count) ? undefined : `${noted.verb} of ${jobId} was made more often than asked`;
  };

  #answer({ jobId, verb, answer }: Answered): string | undefined {
    const count = this.#of(jobId, verb);
    if (answer.is === 'refused') count.refused++;
    if (answer.is === 'done' && answer.job !== undefined) count.acknowledged.add(answer.job.modifiedOn);
    if (!NOTED.includes(verb)) return undefined;
    if (!this.#isRight(count)) return `${verb} of ${jobId} was refused, and made`;
    return count.noted < count.acknowledged.size
      ? `${verb} of ${jobId} was acknowledged, and not made`
      : undefined;
  }

  #isRight({ asked, refused, noted }: Count): boolean {
    return noted + refused <= asked;
  }

  #of(jobId: string, verb: string): Count {
    const isMove = verb === 'resume' && this.#occurrences.has(jobId);
    const key = `${jobId}/${isMove ? 'reschedule' : verb}`;
    const count = this.#counts.get(key) ?? { asked: 0, refused: 0, noted: 0, acknowledged: new Set() };
    this.#counts.set(key, count);
    return count;
  }
}
