import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTable } from '../../../local/emulators/tables.ts';
import { startTtlSweeper } from '../../../local/emulators/ttl-sweeper.ts';
import { ofType, readResources } from '../../../local/template/resources.ts';
import { AlarmClock } from '../../support/alarm-clock.ts';
import { type Emulators, startEmulators } from '../../support/emulators.ts';
import { eventually } from '../../support/eventually.ts';

const TableName = `expiring-${Date.now()}`;
const Properties = {
  TableName,
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  TimeToLiveSpecification: { AttributeName: 'goesAt', Enabled: true },
};
const template = {
  Parameters: {},
  Outputs: {},
  Resources: { Expiring: { Type: 'AWS::DynamoDB::Table', Properties } },
};
const stack = { name: 'Ttl', templateFile: 'Ttl.template.json', template, assetFolder: () => '' };
const resources = readResources([stack], { sqs: '', http: '' });

let emulators: Emulators;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  emulators = await startEmulators();
  dynamodb = new DynamoDBClient({});
  for (const table of ofType(resources, 'AWS::DynamoDB::Table')) await createTable(dynamodb, table);
});
afterAll(() => emulators[Symbol.asyncDispose]());

const put = (id: string, goesAt: object) =>
  dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, ...goesAt } }));
const isThere = async (id: string) =>
  (await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item !== undefined;

const atSeconds = (time: string) => ({ goesAt: { N: String(Date.parse(time) / 1000) } });

describe('items with a time to live (the emulator never deletes them)', () => {
  it('go once it is over; those without a number, and those that ended over five years ago, stay', async () => {
    const clock = new AlarmClock('2026-11-22T12:00:00Z');
    await put('soon', atSeconds('2026-11-22T12:00:30Z'));
    await put('later', atSeconds('2026-11-22T13:00:00Z'));
    await put('ancient', atSeconds('2020-01-01T00:00:00Z'));
    await put('a text', { goesAt: { S: '1' } });
    await put('for ever', {});
    const stop = startTtlSweeper(resources, { dynamodb, clock, log: () => {} });
    expect(await isThere('soon')).toBe(true);
    await clock.advanceTo('2026-11-22T12:01:00Z');
    await eventually(async () => expect(await isThere('soon')).toBe(false));
    stop();
    for (const id of ['later', 'ancient', 'a text', 'for ever'])
      expect({ id, there: await isThere(id) }).toEqual({ id, there: true });
  });
});
