import { describe, expect, it } from '@jest/globals';
import { added } from '../../../local/lambda/active-work.ts';

// How it works out in the process of a function is shown in integration/local/instances.test.ts.
describe('work left behind', () => {
  it('is what was not there before, counted by kind', () => {
    const before = ['PipeWrap', 'Timeout'];
    expect(added(before, ['Timeout', 'PipeWrap', 'Timeout', 'FSReqCallback'])).toEqual([
      'Timeout',
      'FSReqCallback',
    ]);
  });

  it('what was there before and is over counts for nothing', () => {
    expect(added(['Timeout', 'PipeWrap'], ['PipeWrap'])).toEqual([]);
  });
});
