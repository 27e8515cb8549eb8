import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { keepTexts, wholeTexts } from '../../../shared/service/long-texts.ts';
import { TransitionRefused } from '../../../shared/service/ports.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';

const OWN = { jobId: 'a', claimNumber: 1 };

describe('a text that fits on the row', () => {
  it('is written there and nowhere else', async () => {
    const details = new MemoryJobDetails();
    expect(await keepTexts(OWN, { name: 'x'.repeat(100), message: '' }, details)).toEqual({
      name: 'x'.repeat(100),
      message: '',
    });
    expect(await details.getText('a', 'name')).toBeUndefined();
  });
});

describe('a text with half a character in it, as a broken error message may have', () => {
  it.each([
    ['short', 'a\ud800b'],
    ['long', `\udc00${'x'.repeat(200)}`],
  ])('can be stored: %s', async (_length, message) => {
    const { message: onRow = '' } = await keepTexts(OWN, { message }, new MemoryJobDetails());
    expect(onRow.isWellFormed()).toBe(true);
  });
});

describe('a text that is too long for the row', () => {
  it('begins there, ends in an ellipsis, and is kept as a whole beside it', async () => {
    const details = new MemoryJobDetails();
    const row = await keepTexts(OWN, { name: 'Short', description: 'y'.repeat(101) }, details);
    expect(row).toEqual({ name: 'Short', description: `${'y'.repeat(97)}…`, longTexts: ['description'] });
    expect(await wholeTexts({ jobId: 'a', ...row }, details)).toEqual({ description: 'y'.repeat(101) });
  });

  it('has at most 100 bytes there, 64 if it is the message for engineers, and no character is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const row = await keepTexts(OWN, { friendlyMessage: text, message: text }, new MemoryJobDetails());
        const { friendlyMessage = '', message = '' } = row;
        expect(Buffer.byteLength(friendlyMessage)).toBeLessThanOrEqual(100);
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(64);
        expect([friendlyMessage.isWellFormed(), message.isWellFormed()]).toEqual([true, true]);
      }),
    );
  });

  it('comes back whole, whatever it is', async () => {
    const TEXT = fc.string({ unit: 'grapheme', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(TEXT, TEXT, async (name, message) => {
        const details = new MemoryJobDetails();
        const row = await keepTexts(OWN, { name, message }, details);
        expect({ ...row, ...(await wholeTexts({ jobId: 'a', ...row }, details)) }).toMatchObject({
          name,
          message,
        });
      }),
    );
  });

  it('of a worker that was replaced is refused', async () => {
    const details = new MemoryJobDetails();
    await keepTexts({ ...OWN, claimNumber: 2 }, { message: 'z'.repeat(65) }, details);
    await expect(keepTexts(OWN, { message: 'y'.repeat(65) }, details)).rejects.toThrow(TransitionRefused);
    expect(await details.getText('a', 'message')).toBe('z'.repeat(65));
  });
});

describe('a row without long texts', () => {
  it('needs no further read', async () => {
    const details = new MemoryJobDetails();
    await details.putText(OWN, 'message', 'left over');
    expect(await wholeTexts({ jobId: 'a' }, details)).toEqual({});
  });
});
