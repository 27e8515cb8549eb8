import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CannotStart } from '../cannot-start.ts';
import {
  type HttpAnswer,
  headersTooLarge,
  internalServerError,
  serviceUnavailable,
  tooLarge,
} from './answer.ts';
import type { HttpRequest } from './event.ts';
import { type Gateway, newRequestId } from './gateway.ts';

// API Gateway's quotas: request line and header values together; the payload of a request.
const largestHead = 10_240;
const largestBody = 10 * 1024 * 1024;

export interface HttpServer {
  readonly url: string;
  /** Requests that come before are answered with 503. */
  serve(gateway: Gateway): void;
  /** No new connections; requests that are still waiting for their answer after this time are cut off. */
  close(graceMs: number): Promise<void>;
}

/** Listens on the loopback interface only; port 0 takes a free one. */
export async function startHttpServer(port: number, onError: (error: unknown) => void): Promise<HttpServer> {
  let gateway: Gateway | undefined;
  // Node's own limit lies above API Gateway's, so that the refusal is ours.
  const server = createServer({ maxHeaderSize: 64 * 1024, keepAliveTimeout: 30_000 }, (request, response) => {
    respond(request, response, gateway).catch((error: unknown) => {
      onError(error);
      if (!response.headersSent) send(response, internalServerError, newRequestId());
    });
  });
  server.on('clientError', refuseUnreadable);
  await listen(server, port);
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${actualPort}`,
    serve: (ready) => {
      gateway = ready;
    },
    close: (graceMs) => close(server, graceMs),
  };
}

async function respond(
  message: IncomingMessage,
  response: ServerResponse,
  gateway: Gateway | undefined,
): Promise<void> {
  const requestId = newRequestId();
  if (sizeOfHead(message) > largestHead) return send(response, headersTooLarge, requestId);
  const body = await readBody(message);
  if (body === 'too large') return send(response, tooLarge, requestId);
  if (!gateway) return send(response, serviceUnavailable, requestId);
  send(response, await gateway.answer(toRequest(message, body), requestId), requestId);
}

function sizeOfHead({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): number {
  const separators = rawHeaders.length * 2; // ": " or a line's end after each
  const requestLine = `${method} ${url} HTTP/${httpVersion}\r\n`;
  return Buffer.byteLength(requestLine) + Buffer.byteLength(rawHeaders.join(''), 'latin1') + separators;
}

async function readBody(message: IncomingMessage): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on to the end: a client that is still sending would not see an answer.
    if (size <= largestBody) chunks.push(chunk);
  }
  return size > largestBody ? 'too large' : Buffer.concat(chunks);
}

function toRequest(message: IncomingMessage, body: Buffer): HttpRequest {
  return {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    protocol: `HTTP/${message.httpVersion}`,
    rawHeaders: message.rawHeaders,
    body,
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
    port: message.socket.localPort ?? 0,
  };
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer, requestId: string): void {
  const hasBody = status !== 204 && status !== 304;
  const length = hasBody ? { 'content-length': body.length } : {};
  response.writeHead(status, { ...asNodeHeaders(headers), ...length, 'apigw-requestid': requestId });
  response.end(hasBody ? body : undefined);
}

const asNodeHeaders = (headers: HttpAnswer['headers']) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );

/** What Node's parser cannot read never becomes a request. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return;
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const [status, message] = isTooLarge ? ['431', 'Request Header Fields Too Large'] : ['400', 'Bad Request'];
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status} ${message}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\napigw-requestid: ${newRequestId()}\r\n\r\n${body}`,
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describe(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
}

function describe(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new CannotStart(`port ${port} is in use; choose another one: PORT=${port + 1} npm start`);
  if (error.code === 'EACCES')
    return new CannotStart(`port ${port} may not be used by you; choose another one: PORT=4000 npm start`);
  return error;
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), graceMs).unref();
  });
}
