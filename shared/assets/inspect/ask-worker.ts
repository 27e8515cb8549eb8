import { once } from 'node:events';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Inspection } from './inspection.ts';
import { isInspectionOf, ready } from './worker-protocol.ts';

const startLimitMs = 30_000;

/** A worker that has loaded its script. One that cannot is a mistake of ours and of no file: it rejects. */
export async function startWorker(
  script: URL,
  resourceLimits: WorkerOptions['resourceLimits'],
): Promise<Worker> {
  // A parser needs neither the environment nor the flags of the process.
  const worker = new Worker(script, {
    name: 'inspect-file',
    env: {},
    execArgv: [],
    resourceLimits: resourceLimits ?? {},
  });
  // Without a listener an error between two files would end the process.
  worker.on('error', () => undefined);
  try {
    const first = await nextMessage(worker, AbortSignal.timeout(startLimitMs));
    if (first !== ready) throw new Error(`It began with ${JSON.stringify(first)}.`);
    return worker;
  } catch (cause) {
    await worker.terminate();
    throw new Error('The worker for inspecting files could not be started.', { cause });
  }
}

/** Rejects with the reason of `signal`, the error of the worker, or when the worker ends without an answer. */
export async function askWorker(
  worker: Worker,
  name: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<Inspection> {
  // A copy of just these bytes that is handed over: sending a view would copy the whole buffer it looks into.
  const copy = new Uint8Array(bytes);
  const answered = nextMessage(worker, signal);
  worker.postMessage({ name, bytes: copy }, [copy.buffer]);
  const answer = await answered;
  if (!isInspectionOf(bytes, answer)) throw new Error('The worker answered with something else.');
  return answer;
}

async function nextMessage(worker: Worker, signal: AbortSignal): Promise<unknown> {
  const done = new AbortController();
  const options = { signal: AbortSignal.any([signal, done.signal]) };
  const exited = once(worker, 'exit', options).then(([code]) => {
    throw new Error(`The worker ended with exit code ${String(code)}.`);
  });
  try {
    const [message] = (await Promise.race([once(worker, 'message', options), exited])) as unknown[];
    return message;
  } finally {
    done.abort();
  }
}
