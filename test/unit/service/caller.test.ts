import { describe, expect, it } from '@jest/globals';
import {
  type Caller,
  mayControl,
  maySeePayload,
  ROLES,
  requireControl,
  requireRole,
} from '../../../shared/service/caller.ts';

const CREATED = { createdBy: 'olga', ownerId: 'adam' };
const OWNED = { createdBy: 'adam', ownerId: 'olga' };
const OTHERS = { createdBy: 'adam', ownerId: 'adam' };
const olga = (role: Caller['role']): Caller => ({ id: 'olga', role });

/** What Olga may in each role, with what is hers and what is not. */
const MAY = [
  ['reader', OTHERS, { see: false, control: 'This needs the role operator; you have reader.' }],
  ['reader', CREATED, { see: true, control: 'This needs the role operator; you have reader.' }],
  ['reader', OWNED, { see: true, control: 'This needs the role operator; you have reader.' }],
  ['operator', OTHERS, { see: true, control: 'This needs the role admin; you have operator.' }],
  ['operator', CREATED, { see: true, control: 'yes' }],
  ['operator', OWNED, { see: true, control: 'yes' }],
  ['admin', OTHERS, { see: true, control: 'yes' }],
] as const;

function saidBy(check: () => void): string {
  try {
    check();
    return 'yes';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a caller', () => {
  it.each(MAY)('who is %s, and a job of %j: %j', (role, job, { see, control }) => {
    expect(maySeePayload(olga(role), job)).toBe(see);
    expect(mayControl(olga(role), job)).toBe(control === 'yes');
    expect(saidBy(() => requireControl(olga(role), job))).toBe(control);
  });

  it.each(ROLES.flatMap((has, place) => ROLES.map((needed, most) => [has, needed, most <= place] as const)))(
    'who is %s, where %s is needed: %s',
    (has, needed, may) => {
      const refused = `This needs the role ${needed}; you have ${has}.`;
      expect(saidBy(() => requireRole(olga(has), needed))).toBe(may ? 'yes' : refused);
    },
  );
});
