import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, SystemLogLevel, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ESBUILD = `${ROOT}node_modules/.bin/esbuild`;

/**
 * The SDK's other ways to credentials: it asks them when the environment has none, where Lambda always has some. They are
 * a tenth of a bundle.
 */
const OTHER_CREDENTIALS = ['ini', 'process', 'sso', 'web-identity'].map(
  (source) => `@aws-sdk/credential-provider-${source}`,
);

export interface BundledFunctionProps {
  readonly functionName: string;
  readonly description: string;
  /** From the project's root; exports `handler`. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly environment: Record<string, string>;
  /** Scripts bundled beside the function, by file name: those that it runs in threads. */
  readonly threads?: Record<string, string>;
}

/**
 * A function with everything it needs in its bundle, the AWS SDK included: what is tested is what runs. Its role
 * may write its own log and its traces; every other grant is made where the function is used.
 */
export class BundledFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/longhaul/${props.functionName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.functionName} may do.`,
    });
    logGroup.grantWrite(role);
    this.function = new NodejsFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      entry: `${ROOT}${props.entry}`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      environment: props.environment,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Lambda's own lines of invocations that went well would cost more than many a job writes; metrics count them.
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        // Without this the SDK's CommonJS files are taken: larger, and they call `require`.
        mainFields: ['module', 'main'],
        minify: true,
        externalModules: OTHER_CREDENTIALS,
        forceDockerBundling: false,
        commandHooks: threadHooks(props.threads ?? {}),
      },
    });
  }
}

const threadHooks = (threads: Record<string, string>) => ({
  beforeInstall: () => [],
  beforeBundling: () => [],
  afterBundling: (_input: string, output: string) =>
    Object.entries(threads).map(
      ([name, entry]) =>
        `${ESBUILD} ${ROOT}${entry} --bundle --minify --format=esm --platform=node --target=node24 ` +
        `--main-fields=module,main --log-level=warning --outfile=${output}/${name}`,
    ),
});
