import { readdirSync, readFileSync } from 'node:fs';

/** Kernels count in hundredths of a second, whatever their own clock does. */
const MS_PER_TICK = 10;

/** What a process has used so far. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly cpuMs: number;
  /** Of its children that have ended. */
  readonly endedMs: number;
}

/** A look at a process and its descendants; empty where there is no /proc. */
export type CpuLook = ReadonlyMap<number, Process>;

/** Whether the CPU time of other processes can be read here. */
export const canReadCpu = process.platform === 'linux';

export function lookAtCpu(root: number): CpuLook {
  if (!canReadCpu) return new Map();
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => readProcess(Number(pid)) ?? []);
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return new Map(tree.map((each) => [each.pid, each]));
}

/** Milliseconds of CPU between two looks, by what the processes are. */
export function cpuBetween(before: CpuLook, after: CpuLook, root: number): Map<string, number> {
  const byPart = new Map<string, number>();
  const add = (part: string, ms: number) => byPart.set(part, (byPart.get(part) ?? 0) + ms);
  for (const each of after.values()) {
    const known = before.get(each.pid);
    add(each.pid === root ? 'gateway, queues, blobs' : partOf(each), each.cpuMs - (known?.cpuMs ?? 0));
    add('processes that ended', each.endedMs - (known?.endedMs ?? 0));
  }
  // What they had used before the first look has come to their parent all at once.
  for (const each of before.values()) if (!after.has(each.pid)) add('processes that ended', -each.cpuMs);
  return byPart;
}

/** proc_pid_stat(5): the name may hold blanks and brackets; then state, parent, …, utime, stime, cutime, cstime. */
function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const fields = stat
      .slice(end + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    const name = stat.slice(stat.indexOf('(') + 1, end);
    const cpuMs = (user + system) * MS_PER_TICK;
    return { pid, parent, name, cpuMs, endedMs: (endedUser + endedSystem) * MS_PER_TICK };
  } catch {
    return undefined; // it ended in this moment
  }
}

/** A function is known by its environment, the emulator by its program. */
function partOf({ pid, name }: Process): string {
  if (name.includes('dynoxide')) return 'DynamoDB';
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    const [, fn] = /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=longhaul-local-([^\0]*)/.exec(environment) ?? [];
    return fn === undefined ? 'other' : `function ${fn}`;
  } catch {
    return 'other';
  }
}
