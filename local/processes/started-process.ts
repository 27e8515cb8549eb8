import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one: its id may be given out again, its id *and* start time are not. */
export interface StartedProcess {
  readonly pid: number;
  readonly startTime: string;
}

/** The process with this id as it runs now; `undefined` when there is none (or only its zombie). */
export function startedProcess(pid: number): StartedProcess | undefined {
  const startTime = process.platform === 'linux' ? linuxStartTime(pid) : posixStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export const isStillRunning = ({ pid, startTime }: StartedProcess) =>
  startedProcess(pid)?.startTime === startTime;

/** Ends a process that was started as the leader of its own group, and what it may have started itself. */
export function endAtOnce(started: StartedProcess): void {
  if (!isStillRunning(started)) return;
  try {
    process.kill(-started.pid, 'SIGKILL');
  } catch {
    // It ended by itself in this very moment.
  }
}

/** Ticks since boot count anew after a reboot: the id of the boot tells the two apart. */
function linuxStartTime(pid: number): string | undefined {
  try {
    const ticks = startTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return ticks && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat (proc_pid_stat(5)). The second field is the program's name and may hold blanks and brackets. */
export function startTicks(stat: string): string | undefined {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[22 - 4];
}

/** Where there is no /proc. The names of the months must not depend on who asks. */
export function posixStartTime(pid: number): string | undefined {
  try {
    const columns = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    }).trim();
    return columns === '' || columns.startsWith('Z') ? undefined : columns.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
