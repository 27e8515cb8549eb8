import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as z from 'zod';
import { type Fault, InvalidInput } from '../../../shared/service/errors.ts';
import { LATER_FIELDS, NewJob } from '../../../shared/service/new-job.ts';
import { parse, pointerTo } from '../../../shared/service/parse.ts';

const ORDER = { operation: 'count-to', input: null };

/** The faults of a value, as `pointer: detail`. */
function faultsOf(...[schema, value, options]: Parameters<typeof parse>): readonly Fault[] {
  try {
    parse(schema, value, options);
  } catch (error) {
    if (error instanceof InvalidInput) return error.faults;
    throw error;
  }
  return [];
}

describe('a value from outside', () => {
  it('comes in as what the schema makes of it', () => {
    expect(parse(NewJob, { ...ORDER, name: '  To three ' })).toEqual({ ...ORDER, name: 'To three' });
  });

  it('is refused with the pointer of every fault at once', () => {
    const faults = faultsOf(NewJob, { operation: '', name: 'x'.repeat(257), description: 5 });
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/operation', '/name', '/description', '/input']);
  });

  it('is refused with a pointer to the whole when it is no object at all', () => {
    expect(faultsOf(NewJob, 'job')).toMatchObject([{ pointer: '' }]);
  });

  it('says where it came from', () => {
    expect(faultsOf(z.strictObject({ limit: z.number() }), { limit: 'x' }, { in: 'query' })).toMatchObject([
      { in: 'query', pointer: '/limit' },
    ]);
  });

  it('is refused for fields that nobody knows, each by name', () => {
    expect(faultsOf(NewJob, { ...ORDER, colour: 1, 'a/b': 2 })).toEqual([
      { pointer: '/colour', detail: 'There is no such field; leave it out.' },
      { pointer: '/a~1b', detail: 'There is no such field; leave it out.' },
    ]);
  });

  it.each(LATER_FIELDS)('is refused for %s, which a later version serves, saying so', (field) => {
    expect(faultsOf(NewJob, { ...ORDER, [field]: 'x' }, { later: LATER_FIELDS })).toEqual([
      { pointer: `/${field}`, detail: 'This version does not serve this field yet; leave it out.' },
    ]);
  });

  // DynamoDB cannot store half a surrogate pair: it answers with a SerializationException.
  it.each(['name', 'description'])('is refused for half a character in its %s', (field) => {
    expect(faultsOf(NewJob, { ...ORDER, [field]: 'a\ud800b' })).toMatchObject([{ pointer: `/${field}` }]);
  });

  it.each([
    [101, []],
    [102, [{ pointer: '', detail: 'Must not be nested more than 100 levels deep.' }]],
    [50_000, [{ pointer: '', detail: 'Must not be nested more than 100 levels deep.' }]],
  ])('breaks nothing where %i arrays lie in each other', (levels, faults) => {
    const deep = JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;
    expect(faultsOf(z.unknown(), deep)).toEqual(faults);
  });

  it('is refused with a hundred faults at most', () => {
    const wrong = Array.from({ length: 150 }, () => 'x');
    expect(faultsOf(z.array(z.number()), wrong)).toHaveLength(100);
    const unknown = Object.fromEntries(wrong.map((each, n) => [`${each}${n}`, n]));
    const faults = faultsOf(z.strictObject({ a: z.strictObject({}), b: z.number() }), { a: unknown });
    expect(faults.map(({ pointer }) => pointer)).toEqual(Array.from({ length: 100 }, (_, n) => `/a/x${n}`));
  });

  it('is refused with the begin of a name that is very long', () => {
    const [short, long] = ['x'.repeat(100), `${'x'.repeat(99)}😀`];
    expect(faultsOf(z.strictObject({ a: z.strictObject({}) }), { a: { [short]: 1, [long]: 2 } })).toEqual([
      { pointer: `/a/${short}`, detail: 'There is no such field; leave it out.' },
      { pointer: '/a', detail: `There is no field "${'x'.repeat(99)}\uFFFD…"; leave it out.` },
    ]);
  });
});

describe('the message of a refusal', () => {
  it('names each fault with its place', () => {
    const error = new InvalidInput([
      { pointer: '', detail: 'Must be an object.' },
      { pointer: '/a', detail: 'Must be a number.' },
    ]);
    expect(error.message).toBe('/: Must be an object.; /a: Must be a number.');
  });
});

/** The other way round, as RFC 6901 §4 says it. */
const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

describe('a JSON pointer', () => {
  it('leads back to the same path, whatever the names are (RFC 6901)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.nat(), fc.constantFrom('~', '/', '~1', '~0', ''))),
        (path) => {
          const back = pointerTo(path).split('/').slice(1).map(unescaped);
          expect(back).toEqual(path.map(String));
        },
      ),
    );
  });
});
