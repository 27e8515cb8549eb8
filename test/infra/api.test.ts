import { describe, expect, it } from '@jest/globals';
import { DEPLOYED, FOREIGN, ofType, propertiesOf, stacksOf, synthesised } from '../support/template.ts';

const resources = synthesised(DEPLOYED);
const all = (type: string) => propertiesOf(resources, type);

describe('the HTTP API', () => {
  it('answers nobody without a token, by any route', () => {
    const routes = all('AWS::ApiGatewayV2::Route');
    expect(routes.map(({ RouteKey }) => String(RouteKey)).toSorted()).toEqual(
      ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'].map((method) => `${method} /{proxy+}`),
    );
    for (const route of routes)
      expect(route).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId: expect.anything() });
  });

  it('answers before it gives up after 30 seconds', () => {
    const api = all('AWS::Lambda::Function').find(({ FunctionName }) => FunctionName === 'longhaul-dev-api');
    expect(api?.['Timeout']).toBeLessThan(30);
  });

  it('lets browsers of other origins in, with the headers that the service reads and shows', () => {
    expect(all('AWS::ApiGatewayV2::Api')).toMatchObject([
      {
        CorsConfiguration: {
          AllowOrigins: ['*'],
          AllowHeaders: expect.arrayContaining(['authorization', 'content-type', 'idempotency-key']),
          ExposeHeaders: expect.arrayContaining(['location', 'retry-after']),
        },
      },
    ]);
  });

  it('is throttled, and writes down who asked for what', () => {
    const [stage] = all('AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 },
      AccessLogSettings: { Format: expect.stringContaining('$context.authorizer.claims.sub') },
    });
  });

  it('writes its access log where the policy of the account has room for any number of stages', () => {
    const names = all('AWS::Logs::LogGroup').map(({ LogGroupName }) => String(LogGroupName));
    expect(names.filter((name) => name.startsWith('/aws/vendedlogs/'))).toEqual([
      '/aws/vendedlogs/longhaul-dev-access',
    ]);
  });
});

describe('a user pool', () => {
  const clients = all('AWS::Cognito::UserPoolClient');
  const machines = clients.filter(({ AllowedOAuthFlows }) => AllowedOAuthFlows !== undefined);

  it('knows the roles as groups', () => {
    const groups = all('AWS::Cognito::UserPoolGroup').map(({ GroupName }) => GroupName);
    expect(groups).toEqual(['reader', 'operator', 'admin']);
  });

  it('has a plan by which access tokens can be changed, and a trigger that it may call to add name and e-mail', () => {
    expect(all('AWS::Cognito::UserPool')).toMatchObject([
      { UserPoolTier: 'ESSENTIALS', LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0' } } },
    ]);
    const permissions = all('AWS::Lambda::Permission').map(({ Principal }) => Principal);
    expect(permissions).toContain('cognito-idp.amazonaws.com');
  });

  it.each(['reader', 'operator', 'admin'])(
    'has a machine client that can be a %s, by secret and scope',
    (role) => {
      const [machine] = machines.filter(({ ClientName }) => ClientName === `longhaul-dev-machine-${role}`);
      expect(machine).toMatchObject({
        GenerateSecret: true,
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthScopes: [{ 'Fn::Join': ['', [expect.anything(), `/${role}`]] }],
      });
      expect(all('AWS::Cognito::UserPoolResourceServer')).toMatchObject([{ Identifier: 'longhaul' }]);
    },
  );

  it('is trusted for tokens of its own clients only, each of which is an audience', () => {
    const audience = JSON.stringify(all('AWS::ApiGatewayV2::Authorizer')[0]?.['JwtConfiguration']);
    const ids = ofType(resources, 'AWS::Cognito::UserPoolClient').map(([id]) => id);
    expect(ids).toHaveLength(4);
    expect(ids.filter((id) => !audience.includes(id))).toEqual([]);
  });

  it('lets nobody sign up, and deletes nobody by mistake', () => {
    expect(all('AWS::Cognito::UserPool')).toMatchObject([
      { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }, DeletionProtection: 'ACTIVE' },
    ]);
  });
});

describe('an issuer of one’s own', () => {
  it('is trusted instead of Cognito, of which nothing is made', () => {
    const foreign = synthesised(FOREIGN);
    expect(propertiesOf(foreign, 'AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      { JwtConfiguration: { Issuer: FOREIGN.issuer, Audience: [FOREIGN.audience] } },
    ]);
    expect(Object.values(foreign).filter(({ Type }) => Type.startsWith('AWS::Cognito'))).toEqual([]);
    expect(Object.keys(stacksOf(FOREIGN))).toEqual(['Longhaul-dev-data', 'Longhaul-dev']);
  });
});
