import * as z from 'zod';
import { arn } from '../../template/identities.ts';
import { anything, type Need, need } from './need.ts';

const tableName = z.looseObject({ TableName: z.string() });
const indexed = tableName.extend({ IndexName: z.string().optional() });
const batch = z.looseObject({ RequestItems: z.record(z.string(), z.unknown()) });
const transaction = z.looseObject({ TransactItems: z.array(z.record(z.string(), tableName)) });
const statement = z.looseObject({ Statement: z.string() });
const stream = z.looseObject({ StreamArn: z.string() });

type NeedsOf = (input: unknown, operation: string) => Need[];

const onTable: NeedsOf = (input, operation) => [
  need(`dynamodb:${operation}`, tableArn(tableName.parse(input).TableName)),
];
/** A query of an index needs a permission on the index, and none on its table. */
const onIndexOrTable: NeedsOf = (input, operation) => {
  const { TableName, IndexName } = indexed.parse(input);
  const table = tableArn(TableName);
  return [need(`dynamodb:${operation}`, IndexName === undefined ? table : `${table}/index/${IndexName}`)];
};
const onBatch: NeedsOf = (input, operation) =>
  Object.keys(batch.parse(input).RequestItems).map((name) => need(`dynamodb:${operation}`, tableArn(name)));
/** A transaction needs what its parts would need one by one: there is no action dynamodb:TransactWriteItems. */
const onTransaction: NeedsOf = (input) =>
  transaction
    .parse(input)
    .TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName }]) => need(`dynamodb:${kind}Item`, tableArn(TableName))),
    );
const onNothing: NeedsOf = (_input, operation) => [need(`dynamodb:${operation}`, anything)];
const onStream: NeedsOf = (input, operation) => [
  need(`dynamodb:${operation}`, stream.parse(input).StreamArn),
];

const operations: Readonly<Record<string, NeedsOf>> = {
  GetItem: onTable,
  PutItem: onTable,
  UpdateItem: onTable,
  DeleteItem: onTable,
  DescribeTable: onTable,
  DescribeTimeToLive: onTable,
  Query: onIndexOrTable,
  Scan: onIndexOrTable,
  BatchGetItem: onBatch,
  BatchWriteItem: onBatch,
  TransactGetItems: onTransaction,
  TransactWriteItems: onTransaction,
  ExecuteStatement: (input) => [partiQl(statement.parse(input).Statement)],
  BatchExecuteStatement: (input) =>
    z
      .looseObject({ Statements: z.array(statement) })
      .parse(input)
      .Statements.map((one) => partiQl(one.Statement)),
  ExecuteTransaction: (input) =>
    z
      .looseObject({ TransactStatements: z.array(statement) })
      .parse(input)
      .TransactStatements.map((one) => partiQl(one.Statement)),
  ListTables: onNothing,
  ListStreams: onNothing,
  DescribeStream: onStream,
  GetShardIterator: onStream,
};

/** The needs of an operation of DynamoDB or DynamoDB Streams. */
export function dynamoDbNeeds(operation: string, input: unknown): Need[] | undefined {
  return operations[operation]?.(input, operation);
}

const tableArn = (nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arn('dynamodb', `table/${nameOrArn}`);

const partiQlPattern =
  /^\s*(?:(SELECT)\b.*?\bFROM|(INSERT)\s+INTO|(UPDATE)|(DELETE)\s+FROM)\s+"?([\w.-]+?)"?(?:\."([\w.-]+)")?(?:\s|$)/is;

/** PartiQL has actions of its own, by the kind of statement. */
function partiQl(text: string): Need {
  const [, select, insert, update, remove, table = '', index] = partiQlPattern.exec(text) ?? [];
  const kind = [select && 'Select', insert && 'Insert', update && 'Update', remove && 'Delete'].find(
    (one) => one !== undefined,
  );
  if (kind === undefined) throw new Error(`a PartiQL statement that is not understood: ${text}`);
  const resource = index === undefined ? tableArn(table) : `${tableArn(table)}/index/${index}`;
  return need(`dynamodb:PartiQL${kind}`, resource);
}
