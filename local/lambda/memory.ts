import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The memory that a process holds now, in megabytes; `undefined` when it is gone. */
export async function residentMb(pid: number): Promise<number | undefined> {
  try {
    return process.platform === 'linux' ? await linuxResidentMb(pid) : await posixResidentMb(pid);
  } catch {
    return undefined;
  }
}

async function linuxResidentMb(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

async function posixResidentMb(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
