import { type Agent, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { pipeline } from 'node:stream';
import { errorCode } from '../error-code.ts';
import type { RefusalAnswer } from './refusal.ts';

export interface Forwarding {
  /** Where the emulator listens. */
  readonly endpoint: string;
  readonly agent: Agent;
  /** The body where it has been read already; else it is passed on as it comes. */
  readonly body?: Buffer;
  /** What is answered in place of an error of the emulator. */
  readonly instead?: (status: number, body: string) => RefusalAnswer | undefined;
}

/** They belong to one connection, not to the message (RFC 9110, 7.6.1); `expect` has been answered by this server. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/** Passes a request on as it is, Host header included, for it may be signed; and the answer back. */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  forwarding: Forwarding,
): Promise<void> {
  const answer = await exchange(request, response, forwarding);
  const status = answer.statusCode ?? 502;
  if (forwarding.instead === undefined || status < 400) return passBack(answer, response);
  const body = (await readAll(answer)).toString();
  const replacement = forwarding.instead(status, body);
  if (replacement) answerInstead(request, response, replacement);
  else response.writeHead(status, endToEnd(answer.rawHeaders)).end(body);
}

export function answerInstead(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: RefusalAnswer,
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(method === 'HEAD' ? undefined : body);
}

async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  { endpoint, agent, body }: Forwarding,
): Promise<IncomingMessage> {
  for (let attempt = 1; ; attempt++) {
    const onward = send(new URL(endpoint), {
      agent,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: endToEnd(request.rawHeaders),
    });
    // Whoever gives up waiting must not leave a long poll behind.
    response.once('close', () => onward.destroy());
    try {
      return await answerTo(onward, body ?? request);
    } catch (error) {
      // The emulator closed an idle connection at the very moment at which it was to be used again.
      const isStale = onward.reusedSocket && errorCode(error) === 'ECONNRESET' && body !== undefined;
      if (!isStale || attempt === 3) throw error;
    }
  }
}

/** The consumers that come with Node make a Blob first: that takes longer than all the rest. */
export function readAll(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', reject);
  });
}

function answerTo(onward: ReturnType<typeof send>, body: Buffer | IncomingMessage): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  onward.once('response', resolve).on('error', reject);
  if (Buffer.isBuffer(body)) onward.end(body);
  else pipeline(body, onward, (error) => error && reject(error));
  return promise;
}

function passBack(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
  return new Promise((resolve, reject) => {
    pipeline(answer, response, (error) => (error ? reject(error) : resolve()));
  });
}

function endToEnd(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter(
    (_text, index) => !hopByHop.has((rawHeaders[index - (index % 2)] ?? '').toLowerCase()),
  );
}
