import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { LANES } from '../../../shared/job/lane.ts';
import { defineOperation } from '../../../shared/operations/define-operation.ts';
import { OPERATIONS } from '../../../shared/operations/registry.ts';
import { listOperations } from '../../../shared/service/list-operations.ts';
import { anOperation } from '../../support/a-world.ts';
import { all } from '../../support/assets.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';
import { noCallback } from '../../support/never-waits.ts';
import { stepsOf } from '../../support/steps.ts';

const ALL = [...OPERATIONS.entries()];

describe('a registered operation', () => {
  it.each(ALL)('"%s" is known by its own name, in kebab-case', (name, operation) => {
    expect(operation.name).toBe(name);
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it.each(ALL)(
    '"%s" runs in a lane that there is, under a type of our own or that of Dataverse',
    (name, operation) => {
      expect(LANES).toContain(operation.lane);
      // Dataverse: values of one's own in a choice begin at 100,000,000.
      const isOfDataverse = name === 'bulk-delete' && operation.operationType === 13;
      expect(isOfDataverse || operation.operationType >= 100_000_000).toBe(true);
    },
  );

  it.each(ALL)('"%s" says to people what it is, and describes its input in a schema', (name, operation) => {
    const { items } = listOperations({}, OPERATIONS);
    expect([operation.label, operation.description]).not.toContain('');
    expect(items).toContainEqual(
      expect.objectContaining({ name, inputSchema: expect.objectContaining({ type: 'object' }) }),
    );
  });
});

describe('a defined operation', () => {
  const seen: unknown[] = [];
  const operation = defineOperation({
    ...anOperation(),
    input: z.object({ to: z.number().default(7) }),
    cursor: z.object({ counted: z.number() }),
    run: (input, { cursor }) => {
      seen.push(input, cursor);
      return stepsOf([]);
    },
  });
  const context = {
    jobId: 'a',
    clock: settableClock(),
    repositories: undefined,
    signal: new AbortController().signal,
    run: { claimNumber: 1, tries: 1, crashes: 0, hostId: 'host-1' },
    sleep: async () => {},
    log: () => {},
    callback: noCallback,
  };

  it('sees its input and its cursor as its schemas read them', async () => {
    await all(operation.run({}, { ...context, cursor: { counted: 3, left: 'over' } }));
    expect(seen).toEqual([{ to: 7 }, { counted: 3 }]);
  });

  it.each([
    ['an input', { to: 'x' }, undefined],
    ['a cursor', {}, 'x'],
  ])('fails by itself, not whoever starts it, with %s that does not fit', async (_what, input, cursor) => {
    const steps = operation.run(input, { ...context, cursor });
    await expect(steps.next()).rejects.toThrow('Invalid input');
  });
});
