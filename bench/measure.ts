import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from './contender.ts';
import { canReadCpu, cpuBetween, lookAtCpu } from './cpu.ts';
import { invocationsIn } from './lambda-reports.ts';
import type { Setting } from './setting.ts';
import { type Figures, sum } from './statistics.ts';

/** What a part does with a contender, and says of it; `jobs` is how many it ran. */
export interface Work {
  readonly jobs: number;
  run(contender: Contender, setting: Setting): Promise<Figures>;
}

/** So long the last invocation may take to return, after its job is over. */
const AFTERWARDS_MS = 200;

/** Runs it, and adds what it cost: CPU by process, invocations by function, both for each job. */
export async function measured(contender: Contender, setting: Setting, work: Work): Promise<Figures> {
  const before = look(setting);
  const figures = await work.run(contender, setting);
  await delay(AFTERWARDS_MS);
  const after = look(setting);
  const cpu = [
    ['client', (after.clientMs - before.clientMs) / work.jobs] as const,
    ...[...cpuBetween(before.cpu, after.cpu, setting.host.pid)].map(
      ([part, ms]) => [part, ms / work.jobs] as const,
    ),
  ];
  return {
    ...figures,
    ...(canReadCpu && { cpuMs: sum(cpu.map(([, ms]) => ms)) }),
    ...Object.fromEntries(cpu.map(([part, ms]) => [`cpu: ${part}`, ms])),
    ...invokedBetween(before, after, work.jobs),
  };
}

type Look = ReturnType<typeof look>;

function look({ host }: Setting) {
  const { user, system } = process.cpuUsage();
  return {
    // Of the floor it is the loop itself.
    clientMs: (user + system) / 1_000,
    cpu: lookAtCpu(host.pid),
    invocations: invocationsIn(host.logFolder),
  };
}

function invokedBetween(before: Look, after: Look, jobs: number): Figures {
  const figures: Record<string, number> = {};
  for (const [fn, { count, gbSeconds, loggedBytes }] of after.invocations) {
    const known = before.invocations.get(fn);
    figures[`invocations: ${fn}`] = (count - (known?.count ?? 0)) / jobs;
    figures[`gbSeconds: ${fn}`] = (gbSeconds - (known?.gbSeconds ?? 0)) / jobs;
    figures[`loggedBytes: ${fn}`] = (loggedBytes - (known?.loggedBytes ?? 0)) / jobs;
  }
  return figures;
}
