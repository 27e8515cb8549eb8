import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemAlarm } from '../../../shared/lambda/alarm.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('an alarm', () => {
  it('rings once, when its time has come', () => {
    const then = jest.fn();
    systemAlarm(1_000, then);
    jest.advanceTimersByTime(999);
    expect(then).toHaveBeenCalledTimes(0);
    jest.advanceTimersByTime(5_000);
    expect(then).toHaveBeenCalledTimes(1);
  });

  it('that is called off does not ring, and keeps no process alive', () => {
    const then = jest.fn();
    const callOff = systemAlarm(1_000, then);
    callOff();
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(5_000);
    expect(then).toHaveBeenCalledTimes(0);
  });

  it('may be called off when it has rung', () => {
    const callOff = systemAlarm(0, () => {});
    jest.runAllTimers();
    expect(callOff).not.toThrow();
  });
});
