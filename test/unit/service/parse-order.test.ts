import { describe, expect, it } from '@jest/globals';
import { parseOrderOfBatch, parsePostedOrder, parsePutOrder } from '../../../shared/service/parse-order.ts';
import { ADMIN, OPERATOR } from '../../support/callers.ts';

const BODY = { operation: 'count-to', input: { to: 3 } };
const ID = 'abcdef00-0000-7000-8000-00000000000c';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const keyed = (key: string) => ({ 'idempotency-key': key });
const idOf = (key: string, caller = OPERATOR) => parsePostedOrder(BODY, keyed(key), caller).chosenId;
/** What a call is refused for. */
const refusal = (...faults: object[]) =>
  expect.objectContaining({ faults: faults.map((fault) => expect.objectContaining(fault)) });

describe('an order that is posted', () => {
  it('has no id of its client’s choice without a key', () => {
    expect(parsePostedOrder(BODY, {}, OPERATOR)).toEqual({ order: BODY, chosenId: undefined });
  });

  it('has by its key always the same id, and no two keys, nor two callers, share one', () => {
    expect(idOf('k1')).toMatch(UUID);
    expect(idOf('k1')).toBe(idOf('k1'));
    expect(new Set([idOf('k1'), idOf('k2'), idOf('k1', ADMIN)]).size).toBe(3);
  });

  it.each(['', 'a b', 'ü', 'x'.repeat(257)])('is refused for a key that no header carries: "%s"', (key) => {
    expect(() => idOf(key)).toThrow(refusal({ in: 'header', pointer: '/idempotency-key' }));
  });

  it('is refused by name for what a later version serves', () => {
    expect(() => parsePostedOrder({ ...BODY, owner: 'adam', colour: 'red' }, {}, OPERATOR)).toThrow(
      refusal(
        { pointer: '/owner', detail: expect.stringContaining('does not serve this field yet') },
        { pointer: '/colour', detail: expect.stringContaining('no such field') },
      ),
    );
  });

  it('brings an input or the id of one', () => {
    const detail = 'Give either "input" or "inputBlobId".';
    for (const body of [{ operation: 'count-to' }, { ...BODY, inputBlobId: ID }])
      expect(() => parsePostedOrder(body, {}, OPERATOR)).toThrow(refusal({ pointer: '/input', detail }));
  });
});

describe('an order that is put', () => {
  it('has the id of its path, in any case', () => {
    const { chosenId, order } = parsePutOrder(BODY, {}, { jobId: ID.toUpperCase() });
    expect([chosenId, order]).toEqual([ID, BODY]);
  });

  it('is refused where its path names no job', () => {
    expect(() => parsePutOrder(BODY, {}, { jobId: '../x' })).toThrow(
      refusal({ in: 'path', pointer: '/jobId', detail: 'A job id is a UUID.' }),
    );
  });

  it('is refused with a key, which would have no effect', () => {
    expect(() => parsePutOrder(BODY, keyed('k1'), { jobId: ID })).toThrow(
      refusal({
        in: 'header',
        pointer: '/idempotency-key',
        detail: 'The path names the job already; leave the key out.',
      }),
    );
  });
});

describe('an order of a batch', () => {
  it.each([
    ['nothing', {}, undefined, false],
    ['its id', { jobId: ID.toUpperCase() }, ID, true],
    ['a key', { idempotencyKey: 'k1' }, idOf('k1'), false],
  ])('that brings %s has the id that follows', (_what, facts, chosenId, namesJob) => {
    expect(parseOrderOfBatch({ ...BODY, ...facts }, OPERATOR)).toEqual({ order: BODY, chosenId, namesJob });
  });

  it('does not bring both', () => {
    expect(() => parseOrderOfBatch({ ...BODY, jobId: ID, idempotencyKey: 'k1' }, OPERATOR)).toThrow(
      refusal({ pointer: '/idempotencyKey', detail: 'Give either "jobId" or "idempotencyKey".' }),
    );
  });

  it('does not recur: that is ordered by itself', () => {
    const recurrence = { pattern: 'FREQ=DAILY;' };
    expect(() => parseOrderOfBatch({ ...BODY, recurrence }, OPERATOR)).toThrow(
      refusal({
        pointer: '/recurrence',
        detail: expect.stringContaining('does not serve this field yet'),
      }),
    );
  });
});
