import { describe, expect, it } from '@jest/globals';
import { requireNoBody } from '../../../shared/service/no-body.ts';

describe('a request that is made by its path alone', () => {
  it.each([[undefined], [null], [''], ['{}'], [' { } ']])('may have the body %j', (body) => {
    expect(() => requireNoBody(body)).not.toThrow();
  });

  it('is refused with fields that would have no effect', () => {
    const faults = [{ pointer: '/reason', detail: 'There is no such field; leave it out.' }];
    expect(() => requireNoBody('{"reason":"x"}')).toThrow(expect.objectContaining({ faults }));
  });

  it.each(['null', '[]', '7'])('is refused with %s', (body) => {
    expect(() => requireNoBody(body)).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
  });

  it('is refused with what is no JSON, saying what would be right', () => {
    const faults = [{ pointer: '', detail: 'Leave the body out, or send {}.' }];
    expect(() => requireNoBody('{')).toThrow(expect.objectContaining({ faults }));
  });
});
