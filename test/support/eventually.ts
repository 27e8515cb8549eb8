import { setTimeout as delay } from 'node:timers/promises';

/**
 * Looks until the check passes; when the deadline comes first, its last complaint is the error. The deadline is far: it
 * ends a test that would fail anyway, and says nothing of how fast a machine has to be.
 */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 60_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(25);
    }
  }
}
