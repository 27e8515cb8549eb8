/** A job, asset or problem as it came over the wire: tests look at what is there. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on any field, and fails where it is not there
export type Shown = any;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Shown;
}

export interface ApiClient {
  send(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<Answered>;
  /** A request for something that is no JSON: its answer as it is, also if it only says where to look. */
  ask(path: string, accept: string): Promise<Response>;
  get(path: string): Promise<Shown>;
  post(path: string, body: unknown): Promise<Shown>;
  /** Looks at a job until it is over. */
  over(jobId: string, withinMs?: number): Promise<Shown>;
  /** Looks at a job until it is as wanted: the job, or the problem that came instead of it. */
  until(jobId: string, isSo: (job: Shown) => boolean, withinMs?: number): Promise<Shown>;
  /** Announces files and PUTs those that have bytes. */
  upload(files: Readonly<Record<string, Uint8Array | string | undefined>>): Promise<void>;
  /** Runs a job and gives it back when it is over. */
  run(operation: string, input: unknown): Promise<Shown>;
}

const OVER = new Set(['Success', 'Fail', 'Stopped']);

export function apiClient(url: string, token: string): ApiClient {
  const send: ApiClient['send'] = async (method, path, { body, headers } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
  const ok = async (method: string, path: string, body?: unknown): Promise<Shown> => {
    const answer = await send(method, path, body === undefined ? {} : { body });
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const until: ApiClient['until'] = async (jobId, isSo, withinMs = 120_000) => {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const { body: job } = await send('GET', `/jobs/${jobId}`);
      if (isSo(job)) return job;
      if (Date.now() > deadline)
        throw new Error(`Not as wanted after ${withinMs} ms: ${JSON.stringify(job)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const over: ApiClient['over'] = (jobId, withinMs) =>
    until(jobId, ({ shownAs }) => OVER.has(shownAs), withinMs);
  return {
    send,
    ask: (path, accept) =>
      fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}`, accept }, redirect: 'manual' }),
    over,
    until,
    get: (path) => ok('GET', path),
    post: (path, body) => ok('POST', path, body),
    async upload(files) {
      const announced = Object.entries(files).map(([path, bytes]) => ({ path, size: bytesOf(bytes).length }));
      const { uploads } = await ok('POST', '/assets/uploads', { files: announced });
      for (const ticket of uploads) {
        const bytes = files[ticket.path];
        if (bytes === undefined) continue;
        const put = await fetch(ticket.url, { method: 'PUT', headers: ticket.headers, body: bytesOf(bytes) });
        if (put.status !== 200) throw new Error(`PUT ${ticket.path}: ${put.status} ${await put.text()}`);
      }
    },
    async run(operation, input) {
      const { jobId } = await ok('POST', '/jobs', { operation, input });
      return over(jobId);
    },
  };
}

const bytesOf = (bytes: Uint8Array | string | undefined): Uint8Array<ArrayBuffer> =>
  typeof bytes === 'string' ? new TextEncoder().encode(bytes) : new Uint8Array(bytes ?? []);
