import type { TextColumn } from '../../../shared/job/job.ts';
import { type Json, parseJson } from '../../../shared/job/json.ts';
import type { Claim } from '../../../shared/job/transition.ts';
import { type JobDetails, TransitionRefused } from '../../../shared/service/ports.ts';

interface Stored {
  readonly text: string;
  readonly claimNumber: number;
}

/** Payloads of jobs as JSON text in a map; passes the same contract suite as the store on DynamoDB. */
export class MemoryJobDetails implements JobDetails {
  readonly #parts = new Map<string, Stored>();

  async putInput(jobId: string, input: Json): Promise<void> {
    this.#parts.set(`${jobId}/input`, { text: JSON.stringify(input), claimNumber: 0 });
  }

  getInput = (jobId: string): Promise<Json | undefined> => this.#get(`${jobId}/input`);
  getCursor = (jobId: string): Promise<Json | undefined> => this.#get(`${jobId}/cursor`);
  getResult = (jobId: string): Promise<Json | undefined> => this.#get(`${jobId}/result`);
  saveCursor = (own: Claim, cursor: Json): Promise<void> => this.#putFenced(own, 'cursor', cursor);
  putResult = (own: Claim, result: Json): Promise<void> => this.#putFenced(own, 'result', result);

  putText = (own: Claim, column: TextColumn, text: string): Promise<void> =>
    this.#putFenced(own, `text-${column}`, text);

  async getText(jobId: string, column: TextColumn): Promise<string | undefined> {
    const text = await this.#get(`${jobId}/text-${column}`);
    return typeof text === 'string' ? text : undefined;
  }

  async #putFenced({ jobId, claimNumber }: Claim, part: string, value: Json): Promise<void> {
    const key = `${jobId}/${part}`;
    const latest = this.#parts.get(key)?.claimNumber ?? 0;
    if (latest > claimNumber) throw new TransitionRefused({ verb: `save ${part}`, jobId });
    this.#parts.set(key, { text: JSON.stringify(value), claimNumber });
  }

  async #get(key: string): Promise<Json | undefined> {
    const stored = this.#parts.get(key);
    return stored && parseJson(stored.text);
  }
}
