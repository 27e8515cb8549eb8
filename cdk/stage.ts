import type { Node } from 'constructs';
import * as z from 'zod';

/** What may differ between two copies of Longhaul: given as CDK context (`-c stage=prod -c issuer=…`). */
const Context = z.object({
  stage: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,19}$/,
      'lower-case letters, digits and hyphens, at most 20, beginning with a letter',
    )
    .default('dev'),
  /** Who signs the access tokens, and for whom: an OpenID Connect issuer. */
  issuer: z.url().optional(),
  audience: z.string().min(1).optional(),
  /** Processors at hand; only the stage `local` looks at it. */
  cores: z.coerce.number().int().min(1).default(2),
});

export interface Stage {
  readonly name: string;
  /** A throw-away copy on one machine. */
  readonly isLocal: boolean;
  readonly issuer: string;
  readonly audience: string;
  /** How many partitions share the writes of an index. */
  readonly indexShards: number;
  readonly bulk: LaneNumbers;
}

export interface LaneNumbers {
  /** Seconds that one invocation may take. */
  readonly timeoutSeconds: number;
  /** Invocations at once; a queue's mapping takes 2 at least. */
  readonly maxConcurrency: number;
}

/** The stage `local` differs in numbers only: a crash heals when the lease ends, here within a minute. */
export function readStage(node: Node): Stage {
  const context = Context.parse(
    Object.fromEntries(Object.keys(Context.shape).map((key) => [key, node.tryGetContext(key)])),
  );
  const isLocal = context.stage === 'local';
  return {
    name: context.stage,
    isLocal,
    issuer: isLocal ? 'https://issuer.longhaul.local' : required('issuer', context.issuer),
    audience: isLocal ? 'longhaul' : required('audience', context.audience),
    indexShards: 8,
    bulk: isLocal
      ? { timeoutSeconds: 30, maxConcurrency: Math.max(2, Math.floor(context.cores / 2)) }
      : { timeoutSeconds: 900, maxConcurrency: 50 },
  };
}

function required(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new Error(`The context value "${name}" is missing: pass it as -c ${name}=…, see README.`);
}
