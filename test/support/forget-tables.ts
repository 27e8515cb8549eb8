import { DeleteTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll } from '@jest/globals';
import { dynamoDbClient } from '../../local/emulators/clients.ts';

/**
 * Before each file, where all of them share one database. Only `dynamodb-local.ts` asks for it, which has just started that
 * database: nobody's own tables can be meant.
 */
const endpoint = process.env['DYNAMODB_ENDPOINT'];

if (process.env['LONGHAUL_TESTS_FORGET_TABLES'] === 'yes' && endpoint !== undefined)
  beforeAll(() => forgetTables(endpoint));

async function forgetTables(from: string): Promise<void> {
  const client = dynamoDbClient(from);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  for (const TableName of TableNames) await client.send(new DeleteTableCommand({ TableName }));
  client.destroy();
}
