import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { gatewayAnswer, type HttpAnswer } from './answer.ts';
import { claimTexts } from './claims.ts';
import type { JwtContext } from './event.ts';

export interface JwtRules {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The token must have one of them; an empty list asks for none. */
  readonly scopes: readonly string[];
}

export type Authorization =
  | { readonly allowed: true; readonly jwt: JwtContext }
  | { readonly allowed: false; readonly answer: HttpAnswer };

/** Checks a bearer token as the JWT authorizer of an HTTP API does, against the key of the local issuer. */
export async function authorize(
  header: string | undefined,
  rules: JwtRules,
  keys: JSONWebKeySet,
): Promise<Authorization> {
  const token = header?.replace(/^bearer\s+/i, '').trim();
  if (!token) return refused(401, 'Unauthorized', 'Bearer');
  try {
    const claims = await verified(token, rules, keys);
    const scopes = scopesOf(claims);
    if (!mayEnter(scopes, rules.scopes)) return insufficientScope(rules.scopes);
    return {
      allowed: true,
      jwt: { claims: claimTexts(claims), scopes: rules.scopes.length > 0 ? scopes : nullScopes },
    };
  } catch (error) {
    return refused(401, 'Unauthorized', challenge('', 'invalid_token', complaint(error)));
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- null when the route asks for no scope; the published type forgets it
const nullScopes = null as unknown as string[];

class Refused extends Error {}

async function verified(
  token: string,
  { issuer, audience }: JwtRules,
  keys: JSONWebKeySet,
): Promise<JWTPayload> {
  const payload = await checked(token, issuer, keys);
  if (payload.iat !== undefined && payload.iat > Date.now() / 1000)
    throw new Refused('the token was issued in the future');
  if (!isForUs(payload, audience)) throw new Refused('the token does not have a valid audience');
  return payload;
}

/** Tokens whose signature was found good, until they expire: a client sends the same one with each request. */
const MOST_KNOWN = 100;
const known = new WeakMap<JSONWebKeySet, Map<string, JWTPayload>>();

async function checked(token: string, issuer: string, keys: JSONWebKeySet): Promise<JWTPayload> {
  const tokens = known.get(keys) ?? new Map<string, JWTPayload>();
  known.set(keys, tokens);
  const name = `${issuer} ${token}`;
  const before = tokens.get(name);
  // One that has expired since is checked again, and says so.
  if (before?.exp !== undefined && before.exp > Date.now() / 1_000) return before;
  tokens.delete(name);
  const options = { issuer, algorithms: ['RS256'], requiredClaims: ['exp'] };
  const { payload } = await jwtVerify(token, resolverOf(keys), options);
  if (tokens.size >= MOST_KNOWN) tokens.clear();
  tokens.set(name, payload);
  return payload;
}

/** A set of keys imports each of them once: that costs more than to check a signature. */
const resolvers = new WeakMap<JSONWebKeySet, ReturnType<typeof createLocalJWKSet>>();

function resolverOf(keys: JSONWebKeySet): ReturnType<typeof createLocalJWKSet> {
  const resolver = resolvers.get(keys) ?? createLocalJWKSet(keys);
  resolvers.set(keys, resolver);
  return resolver;
}

/** `client_id` counts only when there is no `aud`. */
function isForUs({ aud, client_id: clientId }: JWTPayload, audience: readonly string[]): boolean {
  return [aud ?? clientId].flat().some((entry) => typeof entry === 'string' && audience.includes(entry));
}

function scopesOf({ scope, scp }: JWTPayload): string[] {
  const given = scope ?? scp;
  if (Array.isArray(given)) return given.map(String);
  return typeof given === 'string' ? given.split(' ').filter(Boolean) : [];
}

const mayEnter = (scopes: readonly string[], wanted: readonly string[]) =>
  wanted.length === 0 || wanted.some((scope) => scopes.includes(scope));

function insufficientScope(wanted: readonly string[]): Authorization {
  const description = 'the token does not have a required scope';
  return refused(403, 'Forbidden', challenge(wanted.join(' '), 'insufficient_scope', description));
}

const challenge = (scope: string, error: string, description: string) =>
  `Bearer scope="${scope}" error="${error}" error_description="${description}"`;

function refused(status: number, message: string, wwwAuthenticate: string): Authorization {
  return { allowed: false, answer: gatewayAnswer(status, message, { 'www-authenticate': wwwAuthenticate }) };
}

function complaint(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token has an invalid "${error.claim}" claim`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature of the token is invalid';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the signing method of the token is invalid';
  return 'the token is malformed or signed by an unknown key';
}
