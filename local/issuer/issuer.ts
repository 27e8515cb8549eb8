import { importJWK, type JWK, SignJWT } from 'jose';
import { v5 as uuidV5, v7 as uuidV7 } from 'uuid';
import { CannotStart } from '../cannot-start.ts';
import { generateToken } from './token-trigger.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

/** Stands in for Cognito, or for another issuer: signs access tokens with a key that is kept in the data folder. */
export const roles = ['admin', 'operator', 'reader'] as const;
export type Role = (typeof roles)[number];

export const isRole = (text: string | undefined): text is Role => roles.some((role) => role === text);

/** A person of a role; another one by id, by name, or both. */
export interface Person {
  readonly role: Role;
  readonly sub?: string | undefined;
  readonly name?: string | undefined;
}

/** An access token of a person, valid for twelve hours, with the claims that the issuer's tokens have. */
export async function signToken(key: JWK, trusted: TrustedIssuer, person: Person): Promise<string> {
  const { name = `Local ${person.role}` } = person;
  const sub = person.sub ?? userId(name);
  const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@localhost.localdomain`;
  const attributes = { sub, name, email };
  const groups = { 'cognito:groups': [person.role] };
  if (!trusted.pool) return sign(key, trusted, { ...attributes, ...groups, aud: trusted.audience });
  const claims = {
    sub,
    ...groups,
    ...ofCognito(trusted.audience),
    scope: 'aws.cognito.signin.user.admin',
    origin_jti: uuidV7(),
    event_id: uuidV7(),
    username: sub,
  };
  return sign(key, trusted, await generateToken(trusted, { attributes, groups: [person.role], claims }));
}

/** An access token of a program, as its client would get it by client credentials. */
export async function signMachineToken(key: JWK, trusted: TrustedIssuer, role: Role): Promise<string> {
  const scope = `longhaul/${role}`;
  const client = trusted.pool?.machineClients.get(scope);
  if (client === undefined)
    throw new CannotStart(`the template has no client that may ask for the scope ${scope}`);
  return sign(key, trusted, { sub: client, ...ofCognito(client), scope, version: 2 });
}

/** Access tokens of Cognito have no `aud`: the client is all there is. */
const ofCognito = (client: string) => ({
  client_id: client,
  token_use: 'access',
  auth_time: Math.floor(Date.now() / 1000),
});

async function sign(key: JWK, { issuer }: TrustedIssuer, claims: Record<string, unknown>): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ ...claims, jti: uuidV7() })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid ?? '' })
    .setIssuer(issuer)
    .setIssuedAt(now)
    .setExpirationTime(now + 12 * 60 * 60)
    .sign(await importJWK(key, 'RS256'));
}

/** The same user has the same id at every start. */
const userId = (name: string) => uuidV5(`https://longhaul.invalid/users/${name}`, uuidV5.URL);
