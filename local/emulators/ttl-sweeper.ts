import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock.ts';
import { ofType, type Resource } from '../template/resources.ts';

interface Surroundings {
  readonly dynamodb: DynamoDBClient;
  readonly clock: Clock;
  log(text: string): void;
}

interface Expiring {
  readonly table: string;
  readonly attribute: string;
  readonly keys: readonly string[];
}

// DynamoDB promises a few days; sooner is more use to somebody who looks on.
const everyMs = 60_000;
// "An item whose time is older than five years is not expired."
const oldestSeconds = 5 * 365 * 24 * 60 * 60;

/**
 * Deletes the items whose time to live is over, for the emulator never does. Their stream records lack the mark of the service
 * (`userIdentity`) that AWS puts on them. Answers what ends it.
 */
export function startTtlSweeper(resources: readonly Resource[], around: Surroundings): () => void {
  const tables = expiringTables(resources);
  let callOff: (() => void) | undefined;
  const sweepAndRest = () => {
    sweepAll(tables, around).catch((error: unknown) =>
      around.log(`items could not be expired: ${String(error)}`),
    );
    callOff = around.clock.at(around.clock.now() + everyMs, sweepAndRest);
  };
  if (tables.length > 0) sweepAndRest();
  return () => callOff?.();
}

function expiringTables(resources: readonly Resource[]): Expiring[] {
  const tables = [
    ...ofType(resources, 'AWS::DynamoDB::Table'),
    ...ofType(resources, 'AWS::DynamoDB::GlobalTable'),
  ];
  return tables.flatMap(({ ref: table, properties: { TimeToLiveSpecification: ttl, KeySchema } }) =>
    ttl?.Enabled && ttl.AttributeName !== undefined
      ? [{ table, attribute: ttl.AttributeName, keys: KeySchema.map(({ AttributeName }) => AttributeName) }]
      : [],
  );
}

async function sweepAll(tables: readonly Expiring[], { dynamodb, clock }: Surroundings): Promise<void> {
  for (const table of tables) await sweep(table, dynamodb, Math.floor(clock.now() / 1000));
}

async function sweep(
  { table, attribute, keys }: Expiring,
  dynamodb: DynamoDBClient,
  now: number,
): Promise<void> {
  const isOver = {
    TableName: table,
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: { ':oldest': { N: String(now - oldestSeconds) }, ':now': { N: String(now) } },
  };
  // Only numbers expire; a text compared with numbers is neither below nor above them.
  const condition = '#ttl BETWEEN :oldest AND :now';
  const pages = paginateScan({ client: dynamodb }, { ...isOver, FilterExpression: condition });
  for await (const { Items = [] } of pages)
    for (const item of Items) {
      const Key = Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)));
      await deleteIfOver(dynamodb, { ...isOver, Key, ConditionExpression: condition });
    }
}

async function deleteIfOver(dynamodb: DynamoDBClient, expired: DeleteItemCommandInput): Promise<void> {
  try {
    await dynamodb.send(new DeleteItemCommand(expired));
  } catch (error) {
    // It was given a longer life in the meantime.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
