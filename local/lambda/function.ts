import { join } from 'node:path';
import { endpointEnvironment, type ServiceEndpoints } from '../endpoints.ts';
import { accessKeyOf, secretKeyOf } from '../iam/access-key.ts';
import { region } from '../template/identities.ts';
import type { Resource } from '../template/resources.ts';

/** Everything that an instance of a function needs to know. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Surroundings {
  readonly codeFolder: string;
  readonly dataFolder: string;
  readonly endpoints: ServiceEndpoints;
}

export function lambdaFunction(
  resource: Resource<'AWS::Lambda::Function'>,
  surroundings: Surroundings,
): LambdaFunction {
  const { ref: name, properties } = resource;
  const arn = resource.attributes['Arn'] ?? name;
  const environment = {
    ...properties.Environment?.Variables,
    ...lambdaEnvironment(resource, surroundings),
    ...credentials(name),
    ...endpointsFor(surroundings),
  };
  return { name, arn, timeoutMs: properties.Timeout * 1000, memoryMb: properties.MemorySize, environment };
}

/** The environment as Lambda sets it; nothing of the person's own gets in, except where programs are found. */
function lambdaEnvironment({ ref: name, properties }: Resource<'AWS::Lambda::Function'>, at: Surroundings) {
  return {
    _HANDLER: properties.Handler,
    LAMBDA_TASK_ROOT: at.codeFolder,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local/[$LATEST]',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: join(at.dataFolder, 'compile-cache'),
  };
}

const credentials = (name: string) => ({
  AWS_ACCESS_KEY_ID: accessKeyOf(name),
  AWS_SECRET_ACCESS_KEY: secretKeyOf(accessKeyOf(name)),
  AWS_SESSION_TOKEN: 'local',
});

function endpointsFor({ endpoints, dataFolder }: Surroundings) {
  return {
    ...endpointEnvironment(endpoints),
    // A service that has no emulator must fail here (nothing listens on the discard port), not reach the real one.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_EC2_METADATA_DISABLED: 'true',
    // The profile of the person at the machine (region, retries, endpoints) must not leak in.
    AWS_CONFIG_FILE: join(dataFolder, 'no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(dataFolder, 'no-aws-credentials'),
  };
}
