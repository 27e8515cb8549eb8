import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { workLeftBehind } from './active-work.ts';
import {
  type FromInstance,
  type FunctionError,
  failed,
  type InvocationResult,
  type Invoke,
} from './messages.ts';

/** The program of a function instance: loads the bundle like Lambda's Node.js runtime and handles one event at a time. */
type Handler = (event: unknown, context: Context) => unknown;

// Lambda's limit for what a function returns to a synchronous caller.
const largestResponse = 6 * 1024 * 1024 + 100;

const tell = (message: FromInstance) =>
  new Promise<void>((resolve) => process.send?.(message, () => resolve()));

const memoryMb = () => process.memoryUsage.rss() / 1024 / 1024;

const env = (name: string) => process.env[name] ?? '';

// A crash of the service closes the channel; without it nobody would ever end this process.
process.on('disconnect', () => process.exit(0));

let current: Invoke | undefined;
const handler = await loadHandler();
process.on('uncaughtException', (error) => void giveUp(describe(error), 129));
process.on('unhandledRejection', (reason) => {
  const { errorMessage, trace = [] } = describe(reason);
  void giveUp({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage, trace }, 128);
});
process.on('message', (message: Invoke) => void handle(message));
await tell({ type: 'ready' });

async function loadHandler(): Promise<Handler> {
  const [module = '', name = ''] = env('_HANDLER').split('.');
  const base = join(env('LAMBDA_TASK_ROOT'), module);
  const file = ['.mjs', '.js', '.cjs'].map((ending) => base + ending).find(existsSync);
  if (!file) return refuse('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`);
  try {
    const bundle: unknown = await import(pathToFileURL(file).href);
    const found = exportOf(bundle, name);
    if (found) return found;
  } catch (error) {
    await tell({ type: 'initFailed', error: describe(error) });
    process.exit(1);
  }
  return refuse('Runtime.HandlerNotFound', `${env('_HANDLER')} is undefined or not exported`);
}

function exportOf(bundle: unknown, name: string): Handler | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a module is an object of its exports
  const found = (bundle as Record<string, unknown>)[name];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whether it takes an event shows when it is called
  return typeof found === 'function' ? (found as Handler) : undefined;
}

async function refuse(errorType: string, errorMessage: string): Promise<never> {
  await tell({ type: 'initFailed', error: { errorType, errorMessage } });
  process.exit(1);
}

async function handle(invoke: Invoke): Promise<void> {
  current = invoke;
  const { requestId } = invoke;
  const before = process.getActiveResourcesInfo();
  const result = await run(invoke);
  current = undefined;
  await tell({ type: 'answered', requestId, result, memoryMb: memoryMb() });
  await tell({ type: 'settled', requestId, leftBehind: await workLeftBehind(before) });
}

async function run(invoke: Invoke): Promise<InvocationResult> {
  try {
    const value: unknown = await handler(JSON.parse(invoke.event), contextOf(invoke));
    const payload = JSON.stringify(value) ?? 'null';
    const bytes = Buffer.byteLength(payload);
    if (bytes <= largestResponse) return { ok: true, payload };
    return failed(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${largestResponse} bytes).`,
    );
  } catch (error) {
    return { ok: false, error: describe(error) };
  }
}

function contextOf({ requestId, functionArn, deadlineMs }: Invoke): Context {
  return {
    awsRequestId: requestId,
    functionName: env('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: env('AWS_LAMBDA_FUNCTION_VERSION'),
    invokedFunctionArn: functionArn,
    memoryLimitInMB: env('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: env('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: env('AWS_LAMBDA_LOG_STREAM_NAME'),
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    // The callback style is gone since nodejs24.x; the type still lists it.
    done: notSupported,
    fail: notSupported,
    succeed: notSupported,
  };
}

function notSupported(): never {
  throw new Error('callback-based handlers are not supported by nodejs24.x');
}

async function giveUp(error: FunctionError, exitCode: number): Promise<never> {
  const requestId = current?.requestId;
  console.error(error.trace?.join('\n') ?? error.errorMessage);
  if (requestId)
    await tell({ type: 'answered', requestId, result: { ok: false, error }, memoryMb: memoryMb() });
  process.exit(exitCode);
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
