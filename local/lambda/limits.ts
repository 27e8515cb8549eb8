import type { ChildProcess } from 'node:child_process';
import type { LambdaFunction } from './function.ts';
import { residentMb } from './memory.ts';
import { failed, type InvocationResult } from './messages.ts';

const memoryCheckMs = 250;

export interface Limits {
  /** Resolves with what the caller is told once the process has been killed; never when it keeps within its limits. */
  readonly exceeded: Promise<InvocationResult>;
  noteMemory(megabytes: number): void;
  stop(): { durationMs: number; maxMemoryMb: number };
}

/** Kills the process of an invocation when its time or its memory is used up. */
export function watchLimits(child: ChildProcess, fn: LambdaFunction, requestId: string): Limits {
  const { promise: exceeded, resolve } = Promise.withResolvers<InvocationResult>();
  const startedAt = performance.now();
  let maxMemoryMb = 0;
  const kill = (result: InvocationResult) => {
    child.kill('SIGKILL');
    resolve(result);
  };
  const noteMemory = (megabytes: number) => {
    maxMemoryMb = Math.max(maxMemoryMb, megabytes);
  };
  const checkMemory = async () => {
    noteMemory((await residentMb(child.pid ?? 0)) ?? 0);
    if (maxMemoryMb > fn.memoryMb) kill(outOfMemory(requestId));
  };
  const timeout = setTimeout(() => kill(timedOut(fn, requestId)), fn.timeoutMs);
  const memory = setInterval(() => void checkMemory(), memoryCheckMs);
  const stop = () => {
    clearTimeout(timeout);
    clearInterval(memory);
    return { durationMs: Math.round(performance.now() - startedAt), maxMemoryMb };
  };
  return { exceeded, noteMemory, stop };
}

const timedOut = ({ timeoutMs }: LambdaFunction, requestId: string) =>
  failed(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
  );

const outOfMemory = (requestId: string) =>
  failed('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`);
