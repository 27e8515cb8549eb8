import { describe, expect, it } from '@jest/globals';
import { callerOf } from '../../../shared/lambda/caller-of.ts';
import { NotAllowed } from '../../../shared/service/errors.ts';
import { anHttpEvent, CLAIMS } from '../../support/an-event.ts';

const callerWith = (claims: Record<string, string>) =>
  callerOf(anHttpEvent({ claims: { sub: CLAIMS.sub, ...claims } }));
const roleWith = (claims: Record<string, string>): string => callerWith(claims).role;

describe('a caller', () => {
  it('is the subject of the token, by name and e-mail', () => {
    const claims = { 'cognito:groups': '[reader]', name: 'Olga', email: 'olga@example.com' };
    expect(callerWith(claims)).toEqual({
      id: CLAIMS.sub,
      role: 'reader',
      name: 'Olga',
      email: 'olga@example.com',
    });
  });

  it('is known by a UUID, also where the issuer gives subjects of another kind, always the same one', () => {
    const ids = ['client-7', 'client-7', 'client-8', 'ABCDEF00-0000-4000-8000-000000000001'].map(
      (sub) => callerWith({ sub, 'cognito:groups': '[reader]' }).id,
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(ids.slice(1)).toEqual([
      ids[0],
      expect.not.stringContaining(ids[0] ?? ''),
      'abcdef00-0000-4000-8000-000000000001',
    ]);
  });
});

describe('the role of a caller', () => {
  it.each([
    ['one group', { 'cognito:groups': '[operator]' }, 'operator'],
    [
      'several groups, the strongest of which counts',
      { 'cognito:groups': '[reader admin operator]' },
      'admin',
    ],
    ['groups that are not ours beside one that is', { 'cognito:groups': '[sales reader]' }, 'reader'],
    ['one group without brackets', { 'cognito:groups': 'admin' }, 'admin'],
    ['a scope', { scope: 'openid longhaul/operator' }, 'operator'],
    [
      'a scope and a group, the stronger of which counts',
      { 'cognito:groups': '[reader]', scope: 'longhaul/admin' },
      'admin',
    ],
  ])('comes from %s', (_what, claims, role) => {
    expect(roleWith(claims)).toBe(role);
  });

  it.each([
    ['none at all', {}],
    ['no groups', { 'cognito:groups': '[]' }],
    ['a group that only sounds like ours', { 'cognito:groups': '[admins operator-team]' }],
    ['a scope of somebody else', { scope: 'admin somebody/admin longhaul/root' }],
    ['a name', { name: '[admin]' }],
    ['a group whose name holds ours behind a comma', { 'cognito:groups': '[guests,admin]' }],
  ])('does not come from %s: such a caller is refused', (_what, claims) => {
    expect(() => roleWith(claims)).toThrow(NotAllowed);
  });
});

describe('a token without a subject', () => {
  it('is no caller', () => {
    expect(() => callerOf(anHttpEvent({ claims: { 'cognito:groups': '[admin]' } }))).toThrow();
  });
});
