import { describe, expect, it } from '@jest/globals';
import { failed } from '../../../local/lambda/messages.ts';
import { batchOutcome } from '../../../local/queue/batch-outcome.ts';

const message = (MessageId: string, MessageGroupId?: string) => ({
  MessageId,
  ...(MessageGroupId && { Attributes: { MessageGroupId } }),
});
const batch = [message('a1', 'a'), message('b1', 'b'), message('a2', 'a')];

function outcome(value: unknown, isPartial = true) {
  const result = { ok: true, payload: JSON.stringify(value) ?? 'null' } as const;
  const { done, failed: kept, bug } = batchOutcome(batch, result, isPartial);
  const ids = (messages: typeof done) => messages.map(({ MessageId }) => MessageId);
  return { done: ids(done), failed: ids(kept), blamed: bug !== undefined };
}

const failures = (...ids: unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
const allDone = { done: ['a1', 'b1', 'a2'], failed: [], blamed: false };
const allFailed = { done: [], failed: ['a1', 'b1', 'a2'] };

describe('the outcome of a batch', () => {
  it.each([null, undefined, {}, { batchItemFailures: null }, { batchItemFailures: [] }])(
    '%j means success',
    (value) => {
      expect(outcome(value)).toEqual(allDone);
    },
  );

  it('only the reported messages come back', () => {
    expect(outcome(failures('b1'))).toEqual({ done: ['a1', 'a2'], failed: ['b1'], blamed: false });
  });

  it.each([
    failures(''),
    failures(null),
    failures('unknown'),
    { batchItemFailures: [{ wrongKey: 'a1' }] },
    { batchItemFailures: 'a1' },
    'done',
  ])('%j fails the whole batch', (value) => {
    expect(outcome(value)).toMatchObject(allFailed);
    expect(outcome(value).blamed).toBe(true);
  });

  it('a later message of a failed group is kept, and the function is blamed for not reporting it', () => {
    expect(outcome(failures('a1'))).toEqual({ done: ['b1'], failed: ['a1', 'a2'], blamed: true });
    expect(outcome(failures('a1', 'a2'))).toEqual({ done: ['b1'], failed: ['a1', 'a2'], blamed: false });
  });

  it('a function that does not report by message succeeds or fails as a whole', () => {
    expect(outcome(failures('a1'), false)).toEqual(allDone);
    expect(batchOutcome(batch, failed('Error', 'x'), false).failed).toEqual(batch);
  });
});
