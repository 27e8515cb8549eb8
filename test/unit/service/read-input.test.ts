import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { PermanentError } from '../../../shared/service/operation.ts';
import { readInput } from '../../../shared/service/read-input.ts';
import { aJob } from '../../support/a-job.ts';
import { anOperation } from '../../support/a-world.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';

const OPERATION = anOperation({ input: z.strictObject({ to: z.number() }) });

const { input: _none, ...BARE } = aJob();
const UPLOADED = { ...BARE, inputBlobId: 'blob-1' };

const reader = (uploaded = '') => ({
  details: new MemoryJobDetails(),
  inputs: { get: async () => uploaded },
});

describe('the input of a job', () => {
  it('is that of its row, or of its details where that is too short', async () => {
    const keeps = reader();
    expect(await readInput(aJob({ input: '{"to":3}' }), OPERATION, keeps)).toEqual({ to: 3 });
    await keeps.details.putInput(BARE, { to: 4 });
    expect(await readInput(BARE, OPERATION, keeps)).toEqual({ to: 4 });
  });

  it('that is gone fails the job for good', async () => {
    const gone = new PermanentError('The input of this job is gone. Order it once more.');
    await expect(readInput(BARE, OPERATION, reader())).rejects.toEqual(gone);
  });

  it('that was uploaded is checked now', async () => {
    expect(await readInput(UPLOADED, OPERATION, reader('{"to":5}'))).toEqual({ to: 5 });
    const faults = 'The uploaded input does not fit. /input/to: ';
    await expect(readInput(UPLOADED, OPERATION, reader('{"to":"x","of":1}'))).rejects.toMatchObject({
      code: 'PermanentError',
      message: expect.stringMatching(
        new RegExp(`^${faults}.* /input/of: There is no such field; leave it out\\.$`),
      ),
    });
    await expect(readInput(UPLOADED, OPERATION, reader('{'))).rejects.toMatchObject({
      code: 'PermanentError',
      message: 'The uploaded input is no JSON.',
      cause: expect.any(SyntaxError),
    });
  });
});
