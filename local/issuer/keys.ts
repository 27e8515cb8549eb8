import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { errorCode } from '../error-code.ts';

/** The private key of the local issuer, kept in the data folder; made when it is not there. */
export async function issuerKey(dataFolder: string): Promise<JWK> {
  const file = join(dataFolder, 'issuer-key.json');
  return readKey(file) ?? makeKey(file);
}

/** What a JWT authorizer would download from the issuer. */
export function publicKeys({ kty = 'RSA', n = '', e = '', kid = '' }: JWK): JSONWebKeySet {
  return { keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] };
}

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
