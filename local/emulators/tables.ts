import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CannotStart } from '../cannot-start.ts';
import type { Resource } from '../template/resources.ts';

type Table = Resource<'AWS::DynamoDB::Table'> | Resource<'AWS::DynamoDB::GlobalTable'>;

/** Makes the table as the template has it, or checks the one that is there; a new index is added to it. */
export async function createTable(client: DynamoDBClient, table: Table): Promise<void> {
  const existing = await describe(client, table.ref);
  if (!existing) return create(client, table);
  const difference = firstDifference(existing, table);
  if (difference) throw outdated(table.ref, difference);
  for (const index of newIndexes(existing, table)) await addIndex(client, table, index);
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(client: DynamoDBClient, { ref, properties }: Table): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: ref,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map(indexOf),
      LocalSecondaryIndexes: properties.LocalSecondaryIndexes?.map(indexOf),
      StreamSpecification: properties.StreamSpecification && {
        StreamEnabled: true,
        StreamViewType: properties.StreamSpecification.StreamViewType,
      },
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName: ref });
}

async function addIndex(
  client: DynamoDBClient,
  { ref, properties }: Table,
  index: GlobalSecondaryIndex,
): Promise<void> {
  await client.send(
    new UpdateTableCommand({
      TableName: ref,
      AttributeDefinitions: properties.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [
        { Create: { IndexName: index.IndexName, KeySchema: index.KeySchema, Projection: index.Projection } },
      ],
    }),
  );
}

type IndexProperties = NonNullable<Table['properties']['GlobalSecondaryIndexes']>[number];

function indexOf({ IndexName, KeySchema, Projection }: IndexProperties) {
  const { ProjectionType, NonKeyAttributes } = Projection;
  return { IndexName, KeySchema, Projection: { ProjectionType, NonKeyAttributes } };
}

function newIndexes(existing: TableDescription, { properties }: Table) {
  const known = new Set(existing.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  return (properties.GlobalSecondaryIndexes ?? [])
    .map(indexOf)
    .filter(({ IndexName }) => !known.has(IndexName));
}

/** Says in words what of an existing table contradicts the template; keys cannot be changed afterwards. */
function firstDifference(existing: TableDescription, { properties }: Table): string | undefined {
  if (keysOf(existing) !== keysOf(properties)) {
    return `its key is ${keysOf(existing)}, the template says ${keysOf(properties)}`;
  }
  const wanted = new Map((properties.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  for (const index of existing.GlobalSecondaryIndexes ?? []) {
    const match = wanted.get(index.IndexName ?? '');
    if (!match) return `it has the index ${index.IndexName}, the template has not`;
    if (shapeOf(index) !== shapeOf(match))
      return `its index ${index.IndexName} is ${shapeOf(index)}, not ${shapeOf(match)}`;
  }
  return undefined;
}

interface Keyed {
  readonly KeySchema?:
    | readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[]
    | undefined;
  readonly Projection?:
    | { ProjectionType?: string | undefined; NonKeyAttributes?: readonly string[] | undefined }
    | undefined;
}

const keysOf = ({ KeySchema = [] }: Keyed) =>
  KeySchema.map((key) => `${key.AttributeName} ${key.KeyType}`).join(', ');

const shapeOf = (index: Keyed) =>
  [
    keysOf(index),
    index.Projection?.ProjectionType,
    [...(index.Projection?.NonKeyAttributes ?? [])].toSorted(),
  ].join(' ');

function outdated(name: string, difference: string): CannotStart {
  return new CannotStart(
    `the table ${name} in the data folder does not fit the template: ${difference}.\n` +
      '"npm start -- --fresh" forgets the data and makes it anew',
  );
}
