import { describe, expect, it } from '@jest/globals';
import { announceInput, NewInput } from '../../../shared/service/announce-input.ts';
import { parse } from '../../../shared/service/parse.ts';
import { at } from '../../support/a-job.ts';
import { aWorld } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';
import { MemoryInputs } from '../../support/memory/memory-inputs.ts';

describe('an input that is announced', () => {
  it.each([OPERATOR, ADMIN])('has a place of its own for an hour: for an $role', async (caller) => {
    expect(await announceInput({ bytes: 1 }, caller, aWorld())).toEqual({
      inputBlobId: idOf(1),
      url: `https://blobs.example/inputs/${idOf(1)}`,
      headers: { 'content-type': 'application/json' },
      expiresAt: at(3_600_000),
    });
  });

  it('has a URL that is good for as long as is said, and longer: signing takes time', async () => {
    const world = aWorld();
    const inputs = new MemoryInputs();
    inputs.ticketFor = async () => {
      world.clock.advance(2_000);
      return { url: 'https://blobs.example', headers: {} };
    };
    const { expiresAt } = await announceInput({ bytes: 1 }, OPERATOR, { ...world, inputs });
    expect(expiresAt).toBe(at(3_600_000));
  });

  it('needs the role of an operator', async () => {
    await expect(announceInput({ bytes: 1 }, READER, aWorld())).rejects.toThrow(
      'This needs the role operator; you have reader.',
    );
  });

  it.each([1, 100_000_000])('may have %d bytes', (bytes) => {
    expect(parse(NewInput, { bytes })).toEqual({ bytes });
  });

  it.each([
    [{ bytes: 0 }, '/bytes'],
    [{ bytes: 100_000_001 }, '/bytes'],
    [{ bytes: 1.5 }, '/bytes'],
    [{ bytes: '1' }, '/bytes'],
    [{}, '/bytes'],
    [{ bytes: 1, name: 'x' }, '/name'],
  ])('may not be %j', (body, pointer) => {
    expect(() => parse(NewInput, body)).toThrow(
      expect.objectContaining({ faults: [{ pointer, detail: expect.any(String) }] }),
    );
  });
});
