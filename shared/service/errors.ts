/** Expected refusals. Each has a code that programs can rely on; anything else that is thrown is a bug. */
export abstract class LonghaulError extends Error {
  abstract readonly code: string;
  /** The code: class names do not survive minification. */
  override get name(): string {
    return this.code;
  }
}

/** One fault of an input: where, and what would be right. */
export interface Fault {
  /** Where the pointer points into; the body if left out. */
  readonly in?: 'query' | 'path' | 'header';
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly detail: string;
}

/** The input is wrong; says every fault at once. */
export class InvalidInput extends LonghaulError {
  readonly code = 'InvalidInput';
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super(faults.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`).join('; '));
    this.faults = faults;
  }
}

export class NotFound extends LonghaulError {
  readonly code = 'NotFound';
  constructor(what: string, id: string) {
    super(`There is no ${what} "${id}".`);
  }
}

export class NotAllowed extends LonghaulError {
  readonly code = 'NotAllowed';
  constructor(needed: string, has: string) {
    super(`This needs the role ${needed}; you have ${has}.`);
  }
}

/** Jobs that make jobs come to an end. */
export class TooDeep extends LonghaulError {
  readonly code = 'TooDeep';
  constructor(most: number) {
    super(`A job that was made by a job, and that by another one, may be ${most} deep at most.`);
  }
}

/** Something that exists already stands in the way. */
export class Conflict extends LonghaulError {
  readonly code = 'Conflict';
  readonly faults: readonly Fault[];
  constructor(message: string, faults: readonly Fault[] = []) {
    super(message);
    this.faults = faults;
  }
}

/** The thing is not as the caller has seen it; nothing has changed. */
export class PreconditionFailed extends LonghaulError {
  readonly code = 'PreconditionFailed';
  constructor(etag: string) {
    super(`Somebody has changed it since you read it: it is ${etag} now. Read it again.`);
  }
}

/** A part that we need does not answer; nothing was kept, the same request can be sent again. */
export class Unavailable extends LonghaulError {
  readonly code = 'Unavailable';
  constructor(what: string, cause: unknown) {
    super(`${what} Nothing was kept; send the same request again.`, { cause });
  }
}

/** Settings are kept, but what they are about has not followed yet: the reprocessing scan sees to it. */
export class NotInForce extends LonghaulError {
  readonly code = 'NotInForce';
  constructor(failed: readonly { readonly name: string; readonly cause: unknown }[]) {
    const what = failed.map(({ name, cause }) => `${name} (${String(cause)})`).join('; ');
    super(
      `The settings are kept, but not all are in force yet: ${what}. The next reprocessing scan, every quarter of an hour, tries again.`,
      { cause: failed[0]?.cause },
    );
  }
}

interface RefusedJob {
  readonly jobId: string;
  readonly statusCode: number;
  readonly shownAs: string;
  /** Goes on the sentence that says what it is shown as. */
  readonly why?: string;
  readonly openVerbs: readonly string[];
}

/** A verb that the job's state does not allow; nothing has changed. */
export class VerbRefused extends LonghaulError {
  readonly code = 'VerbRefused';
  readonly verb: string;
  /** What the job is now. */
  readonly statusCode: number;
  readonly shownAs: string;
  /** What is open instead. */
  readonly openVerbs: readonly string[];
  constructor(verb: string, job: RefusedJob) {
    const open = job.openVerbs.length === 0 ? 'no verb' : job.openVerbs.join(', ');
    super(
      `"${verb}" is not possible: the job ${job.jobId} is ${job.shownAs}${job.why ?? ''}. Open to it: ${open}.`,
    );
    this.verb = verb;
    this.statusCode = job.statusCode;
    this.shownAs = job.shownAs;
    this.openVerbs = job.openVerbs;
  }
}
