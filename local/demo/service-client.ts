import { CannotStart } from '../cannot-start.ts';

/** A job as the API shows it: the fields that the demo looks at. */
export interface ShownJob {
  readonly jobId: string;
  readonly shownAs: string;
  readonly statusLabel: string;
  readonly friendlyMessage?: string;
  readonly message?: string;
  readonly postponeUntil?: string;
  readonly executionTimeSpan?: number;
  readonly progress?: { done: number; total?: number; percent?: number; etaSeconds?: number };
  readonly result?: ProcessResult;
}

/** The result of the operation `process-assets`. */
export interface ProcessResult {
  readonly files: number;
  readonly bytes: number;
  readonly processed: number;
  readonly failed: number;
  readonly missing: number;
  readonly byKind: Record<string, { files: number; bytes: number }>;
  readonly references: Record<'internal' | 'broken' | 'external' | 'sameFile' | 'keys' | 'conrefs', number>;
  readonly failures: { path: string; code: string; reason: string }[];
  readonly missingFiles: string[];
  readonly brokenReferences: { path: string; target: string }[];
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** The HTTP API as any client sees it: a URL and a token. */
export class ServiceClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  get = async <T>(path: string): Promise<T> => parsed<T>(await this.send('GET', path));
  post = async <T>(path: string, body: unknown): Promise<T> =>
    parsed<T>(await this.send('POST', path, { body }));

  async send(
    method: string,
    path: string,
    { body, accept = 'application/json' }: { body?: unknown; accept?: string } = {},
  ): Promise<Answered> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json', accept },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new CannotStart(
        `${method} ${path} was answered with ${response.status}: ${text.slice(0, 2_000)}`,
      );
    return { status: response.status, text };
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/no-unnecessary-type-parameters -- the demo trusts the service that it shows
export const parsed = <T>({ text }: Answered): T => JSON.parse(text) as T;
