import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose';
import { v5 as uuidV5, v7 as uuidV7 } from 'uuid';
import { errorCode } from '../error-code.ts';

/** Stands in for Cognito: signs access tokens with a key that is kept in the data folder. */
export const roles = ['admin', 'operator', 'reader'] as const;
export type Role = (typeof roles)[number];

export const isRole = (text: string | undefined): text is Role => roles.some((role) => role === text);

export interface TokenRequest {
  readonly role: Role;
  readonly issuer: string;
  readonly audience: string;
  /** Another user of the same role: by id, by name, or both. */
  readonly sub?: string | undefined;
  readonly name?: string | undefined;
}

/** The private key of the local issuer; made when it is not there. */
export async function issuerKey(dataFolder: string): Promise<JWK> {
  const file = join(dataFolder, 'issuer-key.json');
  return readKey(file) ?? makeKey(file);
}

/** What a JWT authorizer would download from the issuer. */
export function publicKeys({ kty = 'RSA', n = '', e = '', kid = '' }: JWK): JSONWebKeySet {
  return { keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] };
}

/** An access token that is valid for twelve hours, with the claims of a Cognito user of the role's group. */
export async function signToken(key: JWK, request: TokenRequest): Promise<string> {
  const { role, issuer, audience, name = `Local ${role}` } = request;
  const sub = request.sub ?? userId(name);
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub,
    name,
    email: `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@localhost.localdomain`,
    username: sub,
    client_id: audience,
    'cognito:groups': [role],
    token_use: 'access',
    auth_time: now,
    jti: uuidV7(),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: key.kid ?? '' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + 12 * 60 * 60)
    .sign(await importJWK(key, 'RS256'));
}

/** The same user has the same id at every start. */
const userId = (name: string) => uuidV5(`https://longhaul.invalid/users/${name}`, uuidV5.URL);

function readKey(file: string): JWK | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by makeKey; a broken one fails when it is imported
    return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Two makers at once: the first one's key counts for both. */
async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, alg: 'RS256', kid: await calculateJwkThumbprint(jwk) };
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(key), { mode: 0o600 });
  try {
    linkSync(own, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  rmSync(own);
  return readKey(file) ?? key;
}
