import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, type JWK } from 'jose';
import { signMachineToken, signToken } from '../../../local/issuer/issuer.ts';
import { issuerKey } from '../../../local/issuer/keys.ts';
import type { TrustedIssuer } from '../../../local/issuer/trusted-issuer.ts';

let folder: string;
let key: JWK;
let cognito: TrustedIssuer;

const trigger = `export const handler = async (event) => {
  const { name } = event.request.userAttributes;
  event.response = { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: { name } } } };
  return event;
};`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-tokens-'));
  key = await issuerKey(folder);
  const tokenTrigger = join(folder, 'index.mjs');
  writeFileSync(tokenTrigger, trigger);
  const machineClients = new Map([['longhaul/admin', 'machine-client']]);
  cognito = {
    issuer: 'https://pool',
    audience: 'people-client',
    pool: { id: 'pool', machineClients, tokenTrigger },
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an access token of the local issuer', () => {
  it('of a person has what Cognito writes: a client and no audience, groups, a scope of sign-in', async () => {
    const claims = decodeJwt(await signToken(key, cognito, { role: 'operator', name: 'Ada' }));
    expect(claims).toMatchObject({
      iss: 'https://pool',
      client_id: 'people-client',
      token_use: 'access',
      'cognito:groups': ['operator'],
      scope: 'aws.cognito.signin.user.admin',
      username: claims.sub,
    });
    expect(claims).not.toHaveProperty('aud');
  });

  it('of a person has the name only because the trigger of the pool adds it', async () => {
    expect(decodeJwt(await signToken(key, cognito, { role: 'reader', name: 'Ada' }))).toMatchObject({
      name: 'Ada',
    });
    const { tokenTrigger: _none, ...pool } = cognito.pool ?? { id: '', machineClients: new Map() };
    const without = await signToken(key, { ...cognito, pool }, { role: 'reader', name: 'Ada' });
    expect(decodeJwt(without)).not.toHaveProperty('name');
  });

  it('of a program has its client as subject, a scope for its role, and no groups', async () => {
    const claims = decodeJwt(await signMachineToken(key, cognito, 'admin'));
    expect(claims).toMatchObject({
      sub: 'machine-client',
      client_id: 'machine-client',
      scope: 'longhaul/admin',
    });
    expect(claims).not.toHaveProperty('cognito:groups');
    expect(claims).not.toHaveProperty('aud');
  });

  it('of a program whose role has no client is refused', async () => {
    await expect(signMachineToken(key, cognito, 'reader')).rejects.toThrow('scope longhaul/reader');
  });

  it('of another issuer has an audience', async () => {
    const other = { issuer: 'https://other', audience: 'longhaul' };
    expect(decodeJwt(await signToken(key, other, { role: 'admin' }))).toMatchObject({
      aud: 'longhaul',
      name: 'Local admin',
    });
  });
});
