import { describe, expect, it } from '@jest/globals';
import { generatedPart } from '../support/documents.ts';

describe('the state diagram in ARCHITECTURE.md', () => {
  it('is the one that the lifecycle table says; "npm run docs" writes it', () => {
    const { stands, should } = generatedPart();
    expect(stands).toBe(should);
  });

  it('shows every status and the way in', () => {
    const { should } = generatedPart();
    expect(should.match(/^ {2}state "/gm)).toHaveLength(8);
    expect(should).toContain('[*] --> s0: create');
    expect(should).toContain('s20 --> s30: succeed');
  });
});
