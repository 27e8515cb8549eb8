import { describe, expect, it } from '@jest/globals';
import { hostIds } from '../../../shared/service/host-ids.ts';

describe('the names of claims', () => {
  it('tell the instance, and are never the same twice', () => {
    const [ours, theirs] = [hostIds('ours'), hostIds('theirs')];
    expect([ours(), ours(), theirs()]).toEqual(['ours-1', 'ours-2', 'theirs-1']);
  });
});
