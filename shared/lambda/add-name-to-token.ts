import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';

/** Cognito's trigger before an access token is made: name and e-mail go with it, so that jobs can show them. */
export async function addNameToToken(
  event: PreTokenGenerationV2TriggerEvent,
): Promise<PreTokenGenerationV2TriggerEvent> {
  const { name, email } = event.request.userAttributes;
  const claimsToAddOrOverride = { ...(name && { name }), ...(email && { email }) };
  event.response = { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride } } };
  return event;
}
