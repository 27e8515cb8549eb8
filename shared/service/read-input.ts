import type { Job } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import type { Worker } from './answer-ring.ts';
import { type Operation, PermanentError } from './operation.ts';
import { faultsOf } from './parse.ts';

/** The input of a job, wherever it lies. One that was uploaded is checked only here: it was too large for the order. */
export async function readInput<R>(
  job: Job,
  operation: Operation<R>,
  { details, inputs }: Pick<Worker<R>, 'details' | 'inputs'>,
): Promise<Json> {
  if (job.input !== undefined) return parseJson(job.input);
  const { inputBlobId } = job;
  if (inputBlobId === undefined) {
    const input = await details.getInput(job);
    // The purge took it in the very moment in which a client ordered anew under the same id: never run with another one.
    if (input === undefined) throw new PermanentError('The input of this job is gone. Order it once more.');
    return input;
  }
  const checked = operation.input.safeParse(jsonOf(await inputs.get({ ...job, inputBlobId })));
  if (checked.success) return checked.data;
  const faults = faultsOf(checked.error, '/input').map(({ pointer, detail }) => `${pointer}: ${detail}`);
  throw new PermanentError(`The uploaded input does not fit. ${faults.join(' ')}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PermanentError('The uploaded input is no JSON.', { cause: error });
  }
}
