import { describe, expect, it } from '@jest/globals';
import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { handler } from '../../../functions/add-name-to-token.ts';

/** The event of version 2 as Cognito's developer guide shows it ("Pre token generation Lambda trigger"). */
const event = (userAttributes: Record<string, string>): PreTokenGenerationV2TriggerEvent => ({
  version: '2',
  triggerSource: 'TokenGeneration_Authentication',
  region: 'us-east-1',
  userPoolId: 'us-east-1_EXAMPLE',
  userName: 'testqq',
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: '1example23456789' },
  request: {
    userAttributes: {
      sub: 'a1b2c3d4',
      'cognito:user_status': 'CONFIRMED',
      email_verified: 'true',
      ...userAttributes,
    },
    groupConfiguration: { groupsToOverride: ['operator'], iamRolesToOverride: [] },
    scopes: ['aws.cognito.signin.user.admin'],
  },
  response: { claimsAndScopeOverrideDetails: {} },
});

const added = async (attributes: Record<string, string>) =>
  (await handler(event(attributes))).response.claimsAndScopeOverrideDetails?.accessTokenGeneration;

describe('the trigger before an access token is made', () => {
  it('adds name and e-mail', async () => {
    const person = { name: 'Ada Lovelace', email: 'ada@example.org' };
    expect(await added(person)).toEqual({ claimsToAddOrOverride: person });
  });

  it('adds no claim for what a user does not have', async () => {
    expect(await added({ email: 'ada@example.org' })).toEqual({
      claimsToAddOrOverride: { email: 'ada@example.org' },
    });
  });

  it('returns the event itself, which Cognito asks for, and leaves groups and scopes as they are', async () => {
    const given = event({ name: 'Ada' });
    const answer = await handler(given);
    expect(answer).toBe(given);
    expect(answer.response.claimsAndScopeOverrideDetails).not.toHaveProperty('groupOverrideDetails');
    expect(answer.response.claimsAndScopeOverrideDetails?.accessTokenGeneration).not.toHaveProperty(
      'scopesToAdd',
    );
  });
});
