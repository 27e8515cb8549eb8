import { describe, expect, it } from '@jest/globals';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { streamHandler } from '../../../shared/lambda/stream.ts';

const event = (...ids: string[]): DynamoDBStreamEvent => ({
  Records: ids.map((eventID) => ({ eventID, dynamodb: { SequenceNumber: `at ${eventID}` } })),
});

function aHandler() {
  const handled: string[] = [];
  let prepared = 0;
  const handler = streamHandler({
    read: ({ eventID = '' }) => {
      if (eventID === 'unreadable') throw new Error('unreadable');
      return eventID === 'not ours' ? undefined : eventID;
    },
    prepare: async () => ++prepared,
    handle: async (id) => {
      if (id === 'failing') throw new Error('failing');
      handled.push(id);
    },
  });
  return { handler, handled, prepared: () => prepared };
}

describe('the consumer of a stream', () => {
  it('handles all records, and gives back those that failed', async () => {
    const { handler, handled } = aHandler();
    const answer = await handler(event('a', 'failing', 'b'));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'at failing' }] });
    expect(handled).toEqual(['a', 'b']);
  });

  it('passes over what it cannot read: it would stop all that follow', async () => {
    const { handler, handled } = aHandler();
    expect(await handler(event('unreadable', 'a'))).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(['a']);
  });

  it('prepares once for many records, and not at all for none of ours', async () => {
    const { handler, prepared } = aHandler();
    await handler(event('not ours'));
    expect(prepared()).toBe(0);
    await handler(event('a', 'b'));
    expect(prepared()).toBe(1);
  });
});
