import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Turns } from '../service/start-upkeep.ts';

/** The latest jobs of duties lie in `JobDetails` under this key, one item per duty. */
const DIRECTORY = 'upkeep';

export const dynamoTurns = (tables: DynamoDBDocumentClient, table: string): Turns => ({
  async latest(duty) {
    const order = { TableName: table, Key: { jobId: DIRECTORY, part: duty }, ConsistentRead: true };
    const { Item } = await tables.send(new GetCommand(order));
    const latest: unknown = Item?.['latest'];
    return typeof latest === 'string' ? latest : undefined;
  },
  async note(duty, jobId) {
    await tables.send(
      new UpdateCommand({
        TableName: table,
        Key: { jobId: DIRECTORY, part: duty },
        UpdateExpression: 'SET latest = :latest',
        ExpressionAttributeValues: { ':latest': jobId },
      }),
    );
  },
});
