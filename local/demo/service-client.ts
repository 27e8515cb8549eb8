import { CannotStart } from '../cannot-start.ts';

/** A job as the API shows it: the fields that the demo looks at. */
export interface ShownJob {
  readonly jobId: string;
  readonly shownAs: string;
  readonly friendlyMessage?: string;
  readonly message?: string;
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

/** The HTTP API as any client sees it: a URL and a token. */
export class ServiceClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  get = <T>(path: string): Promise<T> => this.#send('GET', path);
  post = <T>(path: string, body: unknown): Promise<T> => this.#send('POST', path, body);

  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new CannotStart(
        `${method} ${path} was answered with ${response.status}: ${text.slice(0, 2_000)}`,
      );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the demo trusts the service that it shows
    return JSON.parse(text) as T;
  }
}
