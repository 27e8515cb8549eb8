import type { Alarm } from '../service/ports.ts';

/** The alarm of a real process. */
export const systemAlarm: Alarm = (ms, then) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};
