import { describe, expect, it, jest } from '@jest/globals';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { authorize } from '../../../local/http-api/authorizer.ts';
import { claimTexts } from '../../../local/http-api/claims.ts';
import { publicKeys } from '../../../local/issuer/keys.ts';

async function aKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256' };
}

const [ours, strangers] = await Promise.all([aKey('ours'), aKey('ours')]);
const rules = { issuer: 'https://issuer', audience: ['longhaul'], scopes: [] };
const soon = Math.floor(Date.now() / 1000) + 60;
const good = { iss: 'https://issuer', aud: 'longhaul', exp: soon, sub: 'u1' };

async function token(claims: Record<string, unknown>, key: JWK = ours): Promise<string> {
  const signing = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid ?? '' });
  return signing.sign(await importJWK(key, 'RS256'));
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function verdict(header: string | undefined, scopes: string[] = []) {
  const authorization = await authorize(header, { ...rules, scopes }, publicKeys(ours));
  if (authorization.allowed) return authorization.jwt;
  const { status, headers, body } = authorization.answer;
  return { status, challenge: headers['www-authenticate'], text: body.toString() };
}

describe('the JWT authorizer', () => {
  it('lets a good token in, with and without "Bearer"', async () => {
    const jwt = await token(good);
    expect(await verdict(`Bearer ${jwt}`)).toMatchObject({ claims: { sub: 'u1' }, scopes: null });
    expect(await verdict(jwt)).toMatchObject({ claims: { sub: 'u1' } });
  });

  it('lets a token in as long as it lasts, however often it comes, and with the scopes of each route', async () => {
    const keys = publicKeys(ours);
    const jwt = await token({ ...good, scope: 'a' });
    const status = async (scopes: string[] = []) => {
      const authorization = await authorize(jwt, { ...rules, scopes }, keys);
      return authorization.allowed ? 'allowed' : authorization.answer.status;
    };
    expect([await status(), await status(['a']), await status(['b']), await status()]).toEqual([
      'allowed',
      'allowed',
      403,
      'allowed',
    ]);
    expect(await authorize(jwt, { ...rules, issuer: 'https://other' }, keys)).toMatchObject({
      allowed: false,
    });
    jest.useFakeTimers({ advanceTimers: true, now: soon * 1_000 });
    try {
      expect([await status(), await status()]).toEqual([401, 401]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('refuses a missing token with a bare challenge', async () => {
    const refusal = { status: 401, challenge: 'Bearer', text: '{"message":"Unauthorized"}' };
    expect(await verdict(undefined)).toEqual(refusal);
    expect(await verdict('Bearer ')).toEqual(refusal);
  });

  it.each([
    ['an expired one', { ...good, exp: soon - 3600 }, 'the token has expired'],
    ['one without an end', { ...good, exp: undefined }, 'invalid "exp" claim'],
    ['one that is not valid yet', { ...good, nbf: soon }, 'invalid "nbf" claim'],
    ['one issued in the future', { ...good, iat: soon }, 'issued in the future'],
    ['one of another issuer', { ...good, iss: 'https://other' }, 'invalid "iss" claim'],
    ['one for somebody else', { ...good, aud: 'other' }, 'the token does not have a valid audience'],
    [
      'one for somebody else whose client is ours',
      { ...good, aud: 'other', client_id: 'longhaul' },
      'valid audience',
    ],
    ['one for nobody', { ...good, aud: undefined }, 'valid audience'],
  ])('refuses %s and says why', async (_which, claims, reason) => {
    const refusal = await verdict(await token(claims));
    expect(refusal).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(refusal).toHaveProperty(
      'challenge',
      expect.stringMatching(/^Bearer scope="" error="invalid_token" /),
    );
    expect(refusal).toHaveProperty('challenge', expect.stringContaining(reason));
  });

  it('refuses a token signed by a stranger, and one that was tampered with', async () => {
    const [head, , signature] = (await token(good)).split('.');
    const forged = part({ ...good, sub: 'admin' });
    expect(await verdict(await token(good, strangers))).toMatchObject({ status: 401 });
    expect(await verdict(`${head}.${forged}.${signature}`)).toMatchObject({ status: 401 });
    expect(await verdict('not.a.token')).toMatchObject({ status: 401 });
  });

  it('refuses an unsigned token and one signed with the public key as a secret', async () => {
    const secret = new SignJWT(good).setProtectedHeader({ alg: 'HS256', kid: 'ours' });
    expect(await verdict(`${part({ alg: 'none' })}.${part(good)}.`)).toMatchObject({ status: 401 });
    expect(await verdict(await secret.sign(Buffer.from(ours.n ?? '')))).toMatchObject({ status: 401 });
  });

  it('takes client_id when there is no audience', async () => {
    expect(await verdict(await token({ ...good, aud: undefined, client_id: 'longhaul' }))).toHaveProperty(
      'claims',
    );
  });

  it('asks for one of the scopes of the route', async () => {
    const write = await token({ ...good, scope: 'longhaul/read longhaul/write' });
    expect(await verdict(write, ['longhaul/write'])).toMatchObject({
      scopes: ['longhaul/read', 'longhaul/write'],
    });
    const refusal = await verdict(await token({ ...good, scope: 'longhaul/read' }), ['longhaul/write']);
    expect(refusal).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(refusal).toHaveProperty(
      'challenge',
      expect.stringContaining('scope="longhaul/write" error="insufficient_scope"'),
    );
  });
});

describe('claims on their way to a function', () => {
  it('are texts: lists in brackets, numbers and booleans written out', () => {
    const claims = {
      'cognito:groups': ['admin', 'operator'],
      exp: 1_700_000_000,
      email_verified: true,
      sub: 'u1',
    };
    expect(claimTexts({ ...claims, address: { zip: 1, city: 'X' }, none: [] })).toEqual({
      'cognito:groups': '[admin operator]',
      exp: '1700000000',
      email_verified: 'true',
      sub: 'u1',
      address: 'map[city:X zip:1]',
      none: '[]',
    });
  });
});
