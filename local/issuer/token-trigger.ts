import { pathToFileURL } from 'node:url';
import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import * as z from 'zod';
import { region } from '../template/identities.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

interface Token {
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}

const answer = z.looseObject({
  response: z.looseObject({
    claimsAndScopeOverrideDetails: z
      .looseObject({
        accessTokenGeneration: z
          .strictObject({ claimsToAddOrOverride: z.record(z.string(), z.unknown()).default({}) })
          .optional(),
      })
      .nullish(),
  }),
});

type Trigger = (event: PreTokenGenerationV2TriggerEvent) => unknown;

/**
 * The claims of an access token after the user pool's trigger has added to them. Its bundle is run in this process: a token is
 * made without a service, and the function is small and touches nothing.
 */
export async function generateToken(
  { pool, audience }: TrustedIssuer,
  token: Token,
): Promise<Record<string, unknown>> {
  if (pool?.tokenTrigger === undefined) return token.claims;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the template names as the handler of this trigger
  const { handler } = (await import(pathToFileURL(pool.tokenTrigger).href)) as { handler: Trigger };
  const { response } = answer.parse(await handler(triggerEvent(pool.id, audience, token)));
  const added = response.claimsAndScopeOverrideDetails?.accessTokenGeneration?.claimsToAddOrOverride;
  return { ...token.claims, ...added };
}

/** Event of the version 2 (Developer Guide of Cognito, "Pre token generation Lambda trigger"). */
function triggerEvent(
  userPoolId: string,
  clientId: string,
  { attributes, groups, claims }: Token,
): PreTokenGenerationV2TriggerEvent {
  return {
    version: '2',
    triggerSource: 'TokenGeneration_Authentication',
    region,
    userPoolId,
    userName: attributes['sub'] ?? '',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
    request: {
      userAttributes: { ...attributes, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' },
      groupConfiguration: { groupsToOverride: [...groups], iamRolesToOverride: [] },
      scopes: String(claims['scope']).split(' '),
    },
    response: { claimsAndScopeOverrideDetails: {} },
  };
}
