import type { Node } from 'constructs';
import * as z from 'zod';

/** What may differ between two copies of Longhaul: given as CDK context, `-c stage=prod -c timeZone=Europe/Berlin`. */
const Context = z.object({
  stage: z
    .string()
    // Without hyphens, no name of one stage can be that of another one: a stage "prod-data" would meet the data of "prod".
    .regex(/^[a-z][a-z0-9]{0,19}$/, 'at most 20 lower-case letters and digits, beginning with a letter')
    // The name is part of the user pool's domain, where Cognito does not allow these words.
    .regex(/^(?!.*(?:aws|amazon|cognito))/, 'without the words aws, amazon and cognito')
    .default('dev'),
  /** An OpenID Connect issuer and audience of one's own; without them a Cognito user pool is made. */
  issuer: z.url().optional(),
  audience: z.string().min(1).optional(),
  /** Where the daily purge's 1 AM is. */
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin').default('UTC'),
  /** Who hears of alarms. */
  alarmEmail: z.email().optional(),
  /** Web pages that may call the API from a browser, separated by commas. */
  origins: z.string().default('*'),
  /** Lambda functions of the organisation's own that jobs may call (`invoke-function`), by name, separated by commas. */
  functions: z
    .string()
    .regex(/^(?:[\w-]{1,64}(?: *, *[\w-]{1,64})*)?$/, 'names of Lambda functions, separated by commas')
    .default(''),
  /** Who sends the mails of users, an address that SES has verified, or one of a domain that it has; without one there are none. */
  mailFrom: z.email().optional(),
  /** Processors at hand; only the stage `local` looks at it. */
  cores: z.coerce.number().int().min(1).default(2),
});

/** Who signs access tokens, and for whom. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface Stage {
  readonly name: string;
  /** A throw-away copy on one machine. */
  readonly isLocal: boolean;
  readonly foreignIssuer?: TrustedIssuer;
  readonly timeZone: string;
  readonly alarmEmail?: string;
  /** Without a sender there are no mails. */
  readonly mailFrom?: string;
  readonly origins: readonly string[];
  /** Functions that jobs may call, by name. */
  readonly functions: readonly string[];
  /** How many partitions share the writes of an index. */
  readonly indexShards: number;
  readonly lanes: Readonly<Record<LaneName, LaneNumbers>>;
}

export const LANE_NAMES = ['standard', 'bulk'] as const;
export type LaneName = (typeof LANE_NAMES)[number];

export interface LaneNumbers {
  /** Seconds that one invocation may take. */
  readonly timeoutSeconds: number;
  /** A batch keeps all its groups locked until the invocation ends: only quick jobs may share one. */
  readonly batchSize: number;
  /** Invocations at once; a queue's mapping takes 2 at least. */
  readonly maxConcurrency: number;
  readonly memoryMb: number;
}

/** The stage `local` differs in numbers only: a crash heals when the lease ends, there within a minute. */
export function readStage(node: Node): Stage {
  const given = Object.keys(Context.shape).map((key): [string, unknown] => [key, node.tryGetContext(key)]);
  const checked = Context.safeParse(Object.fromEntries(given));
  if (!checked.success) throw new Error(`The CDK context is not usable.\n${z.prettifyError(checked.error)}`);
  const { stage, issuer, audience, timeZone, alarmEmail, mailFrom, origins, functions, cores } = checked.data;
  if ((issuer === undefined) !== (audience === undefined)) {
    throw new Error(
      'The context values "issuer" and "audience" go together: give both, or neither for Cognito.',
    );
  }
  return {
    name: stage,
    isLocal: stage === 'local',
    ...(issuer !== undefined &&
      audience !== undefined && { foreignIssuer: { issuer, audience: [audience] } }),
    timeZone,
    ...(alarmEmail !== undefined && { alarmEmail }),
    ...senderOf(mailFrom, stage),
    origins: origins.split(',').map((origin) => origin.trim()),
    functions: namesIn(functions, stage),
    indexShards: 8,
    lanes: stage === 'local' ? localLanes(cores) : DEPLOYED_LANES,
  };
}

/** On one machine nothing is sent: there is always a sender. */
function senderOf(mailFrom: string | undefined, stage: string): Pick<Stage, 'mailFrom'> {
  if (mailFrom !== undefined) return { mailFrom };
  return stage === 'local' ? { mailFrom: 'longhaul@example.org' } : {};
}

/** The stage `local` brings an example along, so that there is something to call. */
function namesIn(list: string, stage: string): string[] {
  const named = list.split(',').flatMap((name) => name.trim() || []);
  return [...new Set(stage === 'local' ? [...named, EXAMPLE_FUNCTION] : named)];
}

export const EXAMPLE_FUNCTION = 'longhaul-local-example';

const DEPLOYED_LANES: Stage['lanes'] = {
  standard: { timeoutSeconds: 60, batchSize: 10, maxConcurrency: 100, memoryMb: 512 },
  bulk: { timeoutSeconds: 900, batchSize: 1, maxConcurrency: 50, memoryMb: 1_769 }, // one whole processor
};

/** AEM runs half as many jobs at once as there are processors; a mapping takes 2 at least. */
function localLanes(cores: number): Stage['lanes'] {
  const maxConcurrency = Math.max(2, Math.floor(cores / 2));
  return {
    standard: { ...DEPLOYED_LANES.standard, timeoutSeconds: 20, maxConcurrency },
    bulk: { ...DEPLOYED_LANES.bulk, timeoutSeconds: 30, maxConcurrency },
  };
}

/** Node also takes offsets such as +01:00 and any case; EventBridge Scheduler does not. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
