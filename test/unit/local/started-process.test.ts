import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import {
  endAtOnce,
  isStillRunning,
  posixStartTime,
  type StartedProcess,
  startedProcess,
  startTicks,
} from '../../../local/processes/started-process.ts';
import { eventually } from '../../support/eventually.ts';

const sleeper = () => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });

const thisProcess = (): StartedProcess => startedProcess(process.pid) ?? { pid: 0, startTime: 'none' };

describe('a started process', () => {
  it('is recognised while it runs, and no longer afterwards', async () => {
    const child = sleeper();
    const started = await eventually(
      () => startedProcess(child.pid ?? 0) ?? Promise.reject(new Error('not there yet')),
    );
    expect(isStillRunning(started)).toBe(true);
    endAtOnce(started);
    await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    expect(isStillRunning(started)).toBe(false);
  });

  it('is not mistaken for a later one that got the same id', () => {
    const recycled = { ...thisProcess(), startTime: `${thisProcess().startTime}0` };
    expect(isStillRunning(thisProcess())).toBe(true);
    expect(isStillRunning(recycled)).toBe(false);
    // Were it ended, this test would not go on.
    endAtOnce(recycled);
  });

  it('has its start time told by ps, where there is no /proc', () => {
    expect(posixStartTime(process.pid)).toMatch(/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}$/);
    expect(posixStartTime(2 ** 22 + 1)).toBeUndefined();
  });

  it('an id that nobody has is no process', () => {
    expect(startedProcess(2 ** 22 + 1)).toBeUndefined();
  });

  it('has its start time read past a name with blanks and brackets; a zombie has none', () => {
    const fields = Array.from({ length: 30 }, (_, index) => String(index + 4));
    expect(startTicks(`7 (a) b (c)) S ${fields.join(' ')}`)).toBe('22');
    expect(startTicks(`7 (a) Z ${fields.join(' ')}`)).toBeUndefined();
  });
});
