import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { keepEnding, keepOrderTexts, wholeTexts } from '../../../shared/service/long-texts.ts';
import { TransitionRefused } from '../../../shared/service/ports.ts';
import { aRunningJob } from '../../support/a-job.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';

const JOB = aRunningJob({ jobId: 'a' });
const aStore = () => new MemoryJobDetails();

describe('a text of an order that fits on the row', () => {
  it('is written there and nowhere else', async () => {
    const details = aStore();
    const texts = { name: 'x'.repeat(64), description: 'y'.repeat(32), dependencyToken: 'z'.repeat(64) };
    expect(await keepOrderTexts(JOB, texts, details)).toEqual(texts);
    expect(details.partsOf('a')).toEqual([]);
  });
});

describe('a text of an order that is too long for the row', () => {
  it('begins there, ends in an ellipsis, and is kept as a whole beside it', async () => {
    const details = aStore();
    const row = await keepOrderTexts(JOB, { name: 'Short', description: 'y'.repeat(33) }, details);
    expect(row).toEqual({ name: 'Short', description: `${'y'.repeat(29)}…`, longTexts: ['description'] });
    expect(await wholeTexts({ ...JOB, ...row }, details)).toEqual({ description: 'y'.repeat(33) });
  });

  it('is its hash there if it is a token, for that is what others compare', async () => {
    const details = aStore();
    const row = await keepOrderTexts(JOB, { dependencyToken: 'z'.repeat(65) }, details);
    expect(row).toEqual({
      dependencyToken: expect.stringMatching(/^sha256:/),
      longTexts: ['dependencyToken'],
    });
    expect(await wholeTexts({ ...JOB, ...row }, details)).toEqual({ dependencyToken: 'z'.repeat(65) });
  });
});

describe('what a run says at its end', () => {
  it('has at most 64 bytes on the row, 32 if it is for engineers, and no character is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const row = await keepEnding(JOB, { friendlyMessage: text, message: text }, aStore());
        const { friendlyMessage = '', message = '' } = row;
        expect(Buffer.byteLength(friendlyMessage)).toBeLessThanOrEqual(64);
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(32);
        expect([friendlyMessage.isWellFormed(), message.isWellFormed()]).toEqual([true, true]);
      }),
    );
  });

  it('comes back whole, whatever it is', async () => {
    const TEXT = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(TEXT, TEXT, async (friendlyMessage, message) => {
        const details = aStore();
        const row = await keepEnding(JOB, { friendlyMessage, message }, details);
        const whole = { ...row, ...(await wholeTexts({ ...JOB, ...row }, details)) };
        expect(whole).toMatchObject({
          friendlyMessage: friendlyMessage.slice(0, 1_000),
          message: message.slice(0, 1_000),
        });
      }),
    );
  });

  it('is cut after a thousand characters', async () => {
    const details = aStore();
    const said = 'x'.repeat(1_000);
    const row = await keepEnding(JOB, { friendlyMessage: `${said}y`, message: `${said}z` }, details);
    expect(await wholeTexts({ ...JOB, ...row }, details)).toEqual({ friendlyMessage: said, message: said });
  });

  it('may be nothing: then nothing is written', async () => {
    expect(await keepEnding(JOB, {}, aStore())).toEqual({});
    expect(await keepEnding(JOB, { message: '', friendlyMessage: '' }, aStore())).toEqual({});
  });

  it('keeps the long texts of the order, and forgets those of an earlier try', async () => {
    const job = { ...JOB, longTexts: ['name', 'message', 'friendlyMessage'] } as const;
    expect((await keepEnding(job, { message: 'Short.' }, aStore())).longTexts).toEqual(['name']);
    expect((await keepEnding({ ...JOB, longTexts: ['message'] }, {}, aStore())).longTexts).toEqual([]);
  });

  it('of a worker that was replaced is refused', async () => {
    const details = aStore();
    await keepEnding({ ...JOB, claimNumber: 2 }, { message: 'z'.repeat(65) }, details);
    await expect(keepEnding(JOB, { message: 'y'.repeat(65) }, details)).rejects.toThrow(TransitionRefused);
    expect(await details.getText(JOB, 'message')).toBe('z'.repeat(65));
  });

  it.each([
    ['short', 'a\ud800b'],
    ['long', `\udc00${'x'.repeat(200)}`],
  ])(
    'can be stored with half a character in it, as a broken error may have: %s',
    async (_length, message) => {
      const { message: onRow = '' } = await keepEnding(JOB, { message }, aStore());
      expect(onRow.isWellFormed()).toBe(true);
    },
  );
});

describe('a row whose long text is gone', () => {
  it('keeps what it begins with', async () => {
    const details = aStore();
    await details.putText(JOB, 'message', 'whole');
    const row = { ...JOB, longTexts: ['name', 'message'] } as const;
    expect(await wholeTexts(row, details)).toStrictEqual({ message: 'whole' });
  });
});

describe('a row without long texts', () => {
  it('needs no further read', async () => {
    const details = aStore();
    await details.putText(JOB, 'message', 'left over');
    expect(await wholeTexts(JOB, details)).toEqual({});
  });
});
