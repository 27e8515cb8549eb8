import { createInterface } from 'node:readline';
import { endAtOnce, type StartedProcess } from './started-process.ts';

/**
 * A process of its own that outlives the service by a moment. The service holds the other end of standard input: when that
 * closes, however the service went, everything still registered is killed. Nothing else works for a child in a busy loop after
 * a SIGKILL of its parent.
 *
 * Lines: `+ <pid> <start time>` registers, `- <pid>` forgets.
 */
const registered = new Map<number, StartedProcess>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, pid, ...startTime] = line.split(' ');
  if (verb === '+') registered.set(Number(pid), { pid: Number(pid), startTime: startTime.join(' ') });
  if (verb === '-') registered.delete(Number(pid));
}
for (const started of registered.values()) endAtOnce(started);
