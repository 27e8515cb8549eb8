import { describe, expect, it } from '@jest/globals';
import { AsyncInvocations } from '../../../local/lambda/async-invocations.ts';
import { throttled } from '../../../local/lambda/instances.ts';
import { failed, type InvocationResult } from '../../../local/lambda/messages.ts';
import { AlarmClock } from '../../support/alarm-clock.ts';

const ok: InvocationResult = { ok: true, payload: 'null' };
const broken = failed('Error', 'broken on purpose');

/** The times at which an event is tried, when the tries end like this; the last outcome goes on for ever. */
async function tries(...outcomes: InvocationResult[]) {
  const clock = new AlarmClock('2026-11-22T12:00:00Z');
  const times: string[] = [];
  const logged: string[] = [];
  const later = new AsyncInvocations({
    clock,
    invoke: () => {
      times.push(new Date(clock.now()).toISOString().slice(11, 19));
      return Promise.resolve(outcomes[times.length - 1] ?? outcomes.at(-1) ?? ok);
    },
    log: (_arn, text) => logged.push(text),
  });
  later.accept('arn:of:the:function', '{"a":1}');
  await clock.advanceTo('2026-11-23T12:00:00Z');
  return { times, logged };
}

describe('an event that nobody waits for (Lambda Developer Guide, "How Lambda handles errors and retries")', () => {
  it('is handed over once when all is well', async () => {
    expect((await tries(ok)).times).toEqual(['12:00:00']);
  });

  it('is tried twice more, after one minute and after two, and then discarded', async () => {
    const { times, logged } = await tries(broken);
    expect(times).toEqual(['12:00:00', '12:01:00', '12:03:00']);
    expect(logged).toEqual(['an event was discarded after three tries: {"a":1}']);
  });

  it('while the function is throttled it is kept for six hours, and that is no try', async () => {
    const { times } = await tries(throttled, throttled, broken, ok);
    expect(times).toEqual(['12:00:00', '12:00:02', '12:00:06', '12:01:06']);
    const { times: endless } = await tries(throttled);
    expect(endless.at(-1)).toMatch(/^17:5/);
  });
});
