import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { listOperations } from '../../../shared/service/list-operations.ts';
import { pageCursor } from '../../../shared/service/page-cursor.ts';
import { anOperation, aWorld } from '../../support/a-world.ts';

const named = (...names: string[]) => aWorld(...names.map((name) => anOperation({ name }))).operations;
const namesOf = (page: { items: object[] }) => page.items.map((item) => 'name' in item && item.name);

describe('the list of operations', () => {
  it('is by name, whatever the order of registration', () => {
    expect(namesOf(listOperations({}, named('purge', 'archive', 'move')))).toEqual([
      'archive',
      'move',
      'purge',
    ]);
  });

  it('tells what each is, and the JSON schema of its input as a caller has to write it', () => {
    const input = z.strictObject({ to: z.number(), step: z.number().default(1) });
    const operation = anOperation({ input, description: 'Counts.', operationType: 7 });
    expect(listOperations({}, aWorld(operation).operations)).toEqual({
      items: [
        {
          name: 'count-to',
          label: 'Count',
          description: 'Counts.',
          operationType: 7,
          lane: 'bulk',
          inputSchema: {
            $schema: 'https://json-schema.org/draft/2020-12/schema',
            type: 'object',
            properties: { to: { type: 'number' }, step: { type: 'number', default: 1 } },
            required: ['to'],
            additionalProperties: false,
          },
        },
      ],
    });
  });

  it('tells what it can of an input for which JSON schema has no words', () => {
    const operation = anOperation({ input: z.strictObject({ to: z.custom<number>(Number.isInteger) }) });
    expect(listOperations({}, aWorld(operation).operations).items).toMatchObject([
      { inputSchema: { type: 'object', properties: { to: {} }, required: ['to'] } },
    ]);
  });

  it('has pages', () => {
    const operations = named('a', 'b', 'c');
    const first = listOperations({ limit: '2' }, operations);
    const second = listOperations({ limit: '2', cursor: first.nextCursor }, operations);
    expect([namesOf(first), namesOf(second), second.nextCursor]).toEqual([['a', 'b'], ['c'], undefined]);
  });

  it.each(['1', '2', '3', '4', '5'])('comes whole, each once, by pages of %s', (limit) => {
    const operations = named('d', 'b', 'c', 'a');
    const pages: unknown[][] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = listOperations({ limit, ...(cursor !== '' && { cursor }) }, operations);
      pages.push(namesOf(page));
      cursor = page.nextCursor;
    }
    expect(pages.flat()).toEqual(['a', 'b', 'c', 'd']);
    expect(pages).toHaveLength(Math.ceil(4 / Number(limit)));
  });

  it('refuses a cursor of another list and fields that nobody knows', () => {
    expect(() => listOperations({ cursor: pageCursor('jobs', 'a') }, named('a'))).toThrow('not a cursor');
    expect(() => listOperations({ colour: 'red' }, named('a'))).toThrow(
      expect.objectContaining({ faults: [{ in: 'query', pointer: '/colour', detail: expect.any(String) }] }),
    );
  });
});
