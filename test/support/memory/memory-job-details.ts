import { detailsKey, type Incarnation } from '../../../shared/job/details-key.ts';
import type { TextColumn } from '../../../shared/job/job.ts';
import { type Json, parseJson } from '../../../shared/job/json.ts';
import type { Answered, Callback, NewCallback } from '../../../shared/service/callback.ts';
import type { JobPages, ListName } from '../../../shared/service/job-pages.ts';
import { type JobDetails, type OwnJob, TransitionRefused } from '../../../shared/service/ports.ts';
import { MemoryAudit } from './memory-audit.ts';
import { MemoryLogs } from './memory-logs.ts';

interface Stored {
  readonly text: string;
  readonly claimNumber: number;
}

/** Payloads of jobs and pages of their lists as JSON text in a map; passes the same contract suites as the stores on DynamoDB. */
export class MemoryJobDetails implements JobDetails, JobPages {
  /** They go with the details. */
  readonly audit = new MemoryAudit();
  readonly logs = new MemoryLogs();
  readonly #parts = new Map<string, Stored>();
  readonly #callbacks = new Map<string, Callback>();

  async putInput(job: Incarnation, input: Json): Promise<void> {
    this.#parts.set(keyOf(job, 'input'), { text: JSON.stringify(input), claimNumber: 0 });
  }

  async putOrderText(job: Incarnation, column: TextColumn, text: string): Promise<void> {
    this.#parts.set(keyOf(job, `text-${column}`), { text: JSON.stringify(text), claimNumber: 0 });
  }

  getInput = (job: Incarnation): Promise<Json | undefined> => this.#get(keyOf(job, 'input'));
  getCursor = (job: Incarnation): Promise<Json | undefined> => this.#get(keyOf(job, 'cursor'));
  getResult = (job: Incarnation): Promise<Json | undefined> => this.#get(keyOf(job, 'result'));
  saveCursor = (own: OwnJob, cursor: Json): Promise<void> => this.#putFenced(own, 'cursor', cursor);
  putResult = (own: OwnJob, result: Json): Promise<void> => this.#putFenced(own, 'result', result);

  putText = (own: OwnJob, column: TextColumn, text: string): Promise<void> =>
    this.#putFenced(own, `text-${column}`, text);

  async getText(job: Incarnation, column: TextColumn): Promise<string | undefined> {
    const text = await this.#get(keyOf(job, `text-${column}`));
    return typeof text === 'string' ? text : undefined;
  }

  put = (own: OwnJob, list: ListName, page: number, lines: readonly Json[]): Promise<void> =>
    this.#putFenced(own, `${list}/${page}`, [...lines]);

  async get(job: Incarnation, list: ListName, page: number): Promise<readonly Json[] | undefined> {
    const lines = await this.#get(keyOf(job, `${list}/${page}`));
    return Array.isArray(lines) ? lines : undefined;
  }

  async openCallback(own: OwnJob, fresh: NewCallback): Promise<Callback> {
    const current = this.#callbacks.get(detailsKey(own));
    this.#refuseOutrun(own, current);
    const { claimNumber } = own;
    const isSame = current?.key === fresh.key;
    return this.#keep(own, isSame ? { ...current, claimNumber } : { ...fresh, claimNumber, isOver: false });
  }

  async getCallback(job: Incarnation): Promise<Callback | undefined> {
    return this.#callbacks.get(detailsKey(job));
  }

  async answerCallback(job: Incarnation, secret: string, answer: Json): Promise<Answered> {
    const current = this.#callbacks.get(detailsKey(job));
    if (current === undefined || current.secret !== secret || current.isOver) return { is: 'none' };
    const isOther = current.answer !== undefined && JSON.stringify(current.answer) !== JSON.stringify(answer);
    if (isOther) return { is: 'another' };
    return { is: 'kept', claimNumber: this.#keep(job, { ...current, answer }).claimNumber };
  }

  async endCallback(own: OwnJob, key: string): Promise<Callback> {
    const current = this.#callbacks.get(detailsKey(own));
    this.#refuseOutrun(own, current);
    if (current?.key !== key) throw new TransitionRefused({ verb: 'end callback', jobId: own.jobId });
    return current.answer === undefined ? this.#keep(own, { ...current, isOver: true }) : current;
  }

  #keep(job: Incarnation, callback: Callback): Callback {
    this.#callbacks.set(detailsKey(job), callback);
    return callback;
  }

  #refuseOutrun({ jobId, claimNumber }: OwnJob, current: Callback | undefined): void {
    if (current !== undefined && current.claimNumber > claimNumber)
      throw new TransitionRefused({ verb: 'open callback', jobId });
  }

  async removeAll(job: Incarnation): Promise<void> {
    this.audit.forget(job);
    this.#callbacks.delete(detailsKey(job));
    this.logs.forget(job);
    for (const key of this.#parts.keys()) if (key.startsWith(keyOf(job, ''))) this.#parts.delete(key);
  }

  /** What is kept of all jobs that have had this id, by part. */
  partsOf(jobId: string): string[] {
    return [...this.#parts.keys(), ...this.#callbacks.keys()].filter((key) => key.startsWith(jobId));
  }

  async #putFenced(own: OwnJob, part: string, value: Json): Promise<void> {
    const { jobId, claimNumber } = own;
    const key = keyOf(own, part);
    const latest = this.#parts.get(key)?.claimNumber ?? 0;
    if (latest > claimNumber) throw new TransitionRefused({ verb: `save ${part}`, jobId });
    this.#parts.set(key, { text: JSON.stringify(value), claimNumber });
  }

  async #get(key: string): Promise<Json | undefined> {
    const stored = this.#parts.get(key);
    return stored && parseJson(stored.text);
  }
}

const keyOf = (job: Incarnation, part: string): string => `${detailsKey(job)}/${part}`;
