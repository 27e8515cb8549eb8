import { CfnOutput, Duration, Fn, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  UserPoolClient,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import type { Stage, TrustedIssuer } from './stage.ts';

const ROLES = {
  reader: 'Sees everything but the payloads of others.',
  operator: 'Creates jobs and controls their own.',
  admin: 'Controls all jobs and the settings.',
} as const;

/** Users in groups, one a role; a machine client per role, by scope; a client for people. */
export class IdentityStack extends Stack {
  readonly trusted: TrustedIssuer;
  readonly tokenTrigger: IFunction;
  readonly #pool: UserPool;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { stage: Stage }) {
    super(scope, id, { ...props, terminationProtection: !stage.isLocal });
    this.#stage = stage;
    this.#pool = this.#userPool();
    this.tokenTrigger = this.#addNameToTokens();
    for (const [role, description] of Object.entries(ROLES)) {
      new CfnUserPoolGroup(this, `Group-${role}`, {
        userPoolId: this.#pool.userPoolId,
        groupName: role,
        description,
      });
    }
    const clients = [this.#clientOfPeople(), ...this.#clientsOfMachines()];
    const domain = this.#pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: Fn.join('-', ['longhaul', stage.name, this.account]) },
    });
    this.trusted = {
      issuer: this.#pool.userPoolProviderUrl,
      audience: clients.map((client) => client.userPoolClientId),
    };
    new CfnOutput(this, 'UserPoolId', { value: this.#pool.userPoolId, description: 'Where users are kept.' });
    new CfnOutput(this, 'PeopleClientId', {
      value: clients[0]?.userPoolClientId ?? '',
      description: 'The client with which people sign in.',
    });
    new CfnOutput(this, 'TokenUrl', {
      value: `${domain.baseUrl()}/oauth2/token`,
      description: 'Where machine clients ask for tokens.',
    });
  }

  #userPool(): UserPool {
    return new UserPool(this, 'Users', {
      userPoolName: `longhaul-${this.#stage.name}`,
      featurePlan: FeaturePlan.ESSENTIALS, // access tokens can be customised from this plan on
      signInAliases: { email: true },
      selfSignUpEnabled: false,
      standardAttributes: { email: { required: true }, fullname: { required: false } },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      deletionProtection: !this.#stage.isLocal,
      removalPolicy: this.#stage.isLocal ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }

  /** Cognito's access tokens carry the groups, but neither name nor e-mail. */
  #addNameToTokens(): IFunction {
    const { function: trigger } = new BundledFunction(this, 'AddNameToToken', {
      functionName: `longhaul-${this.#stage.name}-add-name-to-token`,
      description: 'Longhaul: adds name and e-mail to access tokens.',
      entry: 'functions/add-name-to-token.ts',
      timeout: Duration.seconds(5), // Cognito waits no longer
      memoryMb: 128,
      environment: {},
    });
    this.#pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, trigger, LambdaVersion.V2_0);
    return trigger;
  }

  #clientOfPeople(): UserPoolClient {
    return this.#pool.addClient('People', {
      userPoolClientName: `longhaul-${this.#stage.name}-people`,
      // By password only for those who may administer the pool: that is how a first token is got by command line.
      authFlows: { userSrp: true, adminUserPassword: true },
      disableOAuth: true,
      accessTokenValidity: Duration.hours(1),
      preventUserExistenceErrors: true,
    });
  }

  #clientsOfMachines(): UserPoolClient[] {
    const scopes = Object.entries(ROLES).map(
      ([role, description]) =>
        [role, new ResourceServerScope({ scopeName: role, scopeDescription: description })] as const,
    );
    const server = this.#pool.addResourceServer('Api', {
      identifier: 'longhaul',
      userPoolResourceServerName: `longhaul-${this.#stage.name}`,
      scopes: scopes.map(([, scope]) => scope),
    });
    return scopes.map(([role, scope]) =>
      this.#pool.addClient(`Machine-${role}`, {
        userPoolClientName: `longhaul-${this.#stage.name}-machine-${role}`,
        generateSecret: true,
        oAuth: { flows: { clientCredentials: true }, scopes: [OAuthScope.resourceServer(server, scope)] },
        accessTokenValidity: Duration.hours(1),
      }),
    );
  }
}
