import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { forgetDataFolder, takeDataFolder } from '../../../local/data-folder/data-folder.ts';
import { startedProcess } from '../../../local/processes/started-process.ts';
import { eventually } from '../../support/eventually.ts';
import { fixtureAssembly } from '../../support/fixture/assembly.ts';
import { type Fixture, printed, startFixture } from '../../support/fixture/fixture.ts';

const recordSchema = z.object({ children: z.array(z.object({ pid: z.number(), what: z.string() })) });

const endpointsOf = z.record(z.string(), z.string());
const guarded = z.object({ environment: z.object({ AWS_ENDPOINT_URL_S3: z.string() }) });

const childrenOf = ({ dataFolder }: Fixture) =>
  recordSchema.parse(JSON.parse(readFileSync(join(dataFolder, 'service.json'), 'utf8'))).children;

const stillRunning = (children: ReturnType<typeof childrenOf>) =>
  children.filter(({ pid }) => startedProcess(pid) !== undefined).map(({ what }) => what);

const queueUrl = ({ endpoints }: Fixture) => `${endpoints.sqs}/000000000000/Fixture-DeadLetters.fifo`;

/** Addresses of this machine that others could reach. */
const outsideAddresses = () =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);

/** Nobody may have taken a port on another address than loopback: then we can. */
async function isFreeOn(address: string, port: string): Promise<boolean> {
  const server = createServer();
  const outcome = Promise.withResolvers<boolean>();
  server
    .once('error', () => outcome.resolve(false))
    .listen(Number(port), address, () => outcome.resolve(true));
  const isFree = await outcome.promise;
  server.close();
  return isFree;
}

// Of another database (`npm run test:dynamodb-local`) the service has neither a process nor a file.
const ownsDatabase = process.env['DYNAMODB_ENDPOINT'] === undefined;

(ownsDatabase ? describe : describe.skip)('processes and ports of the service', () => {
  it('children end when the service is killed, one in an endless loop as well', async () => {
    await using fixture = await startFixture();
    await fixture.get('/misbehave/well');
    await fixture.get('/echo/x');
    const hung = fixture.get('/misbehave/spin').catch(() => 'cut off');
    await eventually(() => expect(childrenOf(fixture)).toHaveLength(3));
    const children = childrenOf(fixture);
    expect(stillRunning(children)).toHaveLength(3);
    await fixture.kill('SIGKILL');
    await eventually(() => expect(stillRunning(children)).toEqual([]));
    await hung;
  });

  it('listens on the loopback interface only', async () => {
    await using fixture = await startFixture();
    const { environment } = guarded.parse(JSON.parse((await fixture.get('/echo/x')).text));
    const emulators = Object.values(endpointsOf.parse(printed(fixture, 'endpoints')));
    const urls = [...new Set([fixture.url, ...emulators, environment.AWS_ENDPOINT_URL_S3])];
    // The HTTP API, SQS with S3 and SNS, DynamoDB, the small services, and the proxy in front of all.
    expect(urls.map((url) => new URL(url).hostname)).toEqual(Array.from({ length: 5 }, () => '127.0.0.1'));
    const ports = urls.map((url) => new URL(url).port);
    for (const address of outsideAddresses()) {
      const free = await Promise.all(ports.map((port) => isFreeOn(address, port)));
      expect({ address, free }).toEqual({ address, free: ports.map(() => true) });
    }
    // The check can fail: on loopback itself the ports are taken.
    expect(await isFreeOn('127.0.0.1', ports[1] ?? '')).toBe(false);
  });

  it('rows, blobs and messages are still there after a restart, and after a kill', async () => {
    let fixture = await startFixture();
    const { dynamodb, s3, sqs } = fixture.clients;
    await dynamodb.send(new PutItemCommand({ TableName: 'Fixture-Seen', Item: { id: { S: 'kept' } } }));
    await s3.send(
      new PutObjectCommand({ Bucket: 'fixture-blobs', Key: 'a/b', Body: Buffer.alloc(12_000_000, 'x') }),
    );
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(fixture), MessageBody: 'kept', ...ids }));

    fixture = await fixture.restart();
    await fixture.kill('SIGKILL');
    fixture = await startFixture({ folder: fixture.folder });

    const { Items = [] } = await fixture.clients.dynamodb.send(
      new ScanCommand({ TableName: 'Fixture-Seen' }),
    );
    expect(Items).toEqual([{ id: { S: 'kept' } }]);
    const blob = await fixture.clients.s3.send(new GetObjectCommand({ Bucket: 'fixture-blobs', Key: 'a/b' }));
    expect((await blob.Body?.transformToByteArray())?.length).toBe(12_000_000);
    const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl(fixture), WaitTimeSeconds: 1 });
    expect((await fixture.clients.sqs.send(receive)).Messages?.map(({ Body }) => Body)).toEqual(['kept']);
    await fixture[Symbol.asyncDispose]();
  });

  it('a stop is clean: exit code 0, no process and no record left', async () => {
    await using fixture = await startFixture();
    const hung = fixture.get('/misbehave/hang').catch(() => 'cut off');
    await eventually(() => expect(childrenOf(fixture)).toHaveLength(2));
    const children = childrenOf(fixture);
    expect(await fixture.stop()).toBe(0);
    expect(stillRunning(children)).toEqual([]);
    expect(readdirSync(fixture.dataFolder)).not.toContain('service.json');
    await hung;
  });

  it('a second service on the same data folder is refused, with the address of the first', async () => {
    await using fixture = await startFixture();
    await expect(startFixture({ folder: fixture.folder })).rejects.toThrow(
      `Longhaul already runs at ${fixture.url}`,
    );
    expect(await fixture.get('/misbehave/well')).toMatchObject({ status: 200 });
  });

  it('what a killed run and its guardian left behind is ended at the next start', async () => {
    const first = await startFixture();
    const [database] = childrenOf(first);
    // The guardian first: now nobody ends the emulator when the service is killed.
    process.kill(first.pid, 'SIGSTOP');
    process.kill(guardianOf(first.pid), 'SIGKILL');
    await first.kill('SIGKILL');
    expect(stillRunning(childrenOf(first))).toEqual(['DynamoDB emulator']);
    await using second = await startFixture({ folder: first.folder });
    expect(printed(second, 'leftovers')).toEqual([`DynamoDB emulator (process ${database?.pid})`]);
    expect(startedProcess(database?.pid ?? 0)).toBeUndefined();
  });

  it('when the DynamoDB emulator dies, the service says so and ends', async () => {
    await using fixture = await startFixture();
    process.kill(childrenOf(fixture)[0]?.pid ?? 0, 'SIGKILL');
    expect(await fixture.ended()).toBe(1);
    expect(fixture.output()).toContain('lost: the DynamoDB emulator ended unexpectedly');
  });

  it('broken queues and a broken database are named, with a way out', async () => {
    for (const [file, message] of [
      ['fauxqs/fauxqs.db', /the queues and blobs in .*fauxqs cannot be opened[\s\S]*--fresh/],
      ['dynamodb.sqlite', /DynamoDB emulator does not start with .*dynamodb.sqlite[\s\S]*--fresh/],
    ] as const) {
      await using fixture = await startFixture();
      await fixture.stop();
      writeFileSync(join(fixture.dataFolder, file), 'this is no database '.repeat(1000));
      await expect(startFixture({ folder: fixture.folder })).rejects.toThrow(message);
    }
  });

  it('a table whose key has changed is refused, with a way out; a new index is added', async () => {
    await using fixture = await startFixture();
    await fixture.stop();
    const { folder } = fixture;
    const changed = anAssembly((template) =>
      template.replaceAll('"AttributeName":"id"', '"AttributeName":"other"'),
    );
    await expect(startFixture({ folder, assembly: changed })).rejects.toThrow(
      /Fixture-Seen .* its key is id HASH[\s\S]*--fresh/,
    );
    await using again = await startFixture({ folder, assembly: anAssembly(withIndex) });
    const byId = { TableName: 'Fixture-Seen', IndexName: 'again' };
    expect((await again.clients.dynamodb.send(new ScanCommand(byId))).Items).toEqual([]);
  });

  it('a queue whose messages would come back while their function still runs is refused, as by Lambda', async () => {
    const assembly = anAssembly((template) =>
      template.replaceAll('"VisibilityTimeout":4', '"VisibilityTimeout":1'),
    );
    await expect(startFixture({ assembly })).rejects.toThrow(
      'the visibility timeout of Flood (1 s) is less than the timeout of Fixture-consume (2 s)',
    );
  });

  it('a folder that is not ours is left alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-stranger-'));
    writeFileSync(join(folder, 'diary.txt'), 'private');
    expect(() => takeDataFolder(folder)).toThrow(/was not made by Longhaul/);
    expect(() => forgetDataFolder(folder)).toThrow(/was not made by Longhaul/);
    expect(readdirSync(folder)).toEqual(['diary.txt']);
  });
});

/** The common assembly with another template. */
function anAssembly(change: (template: string) => string): string {
  const assembly = mkdtempSync(join(tmpdir(), 'longhaul-assembly-'));
  cpSync(fixtureAssembly(), assembly, { recursive: true });
  const file = join(assembly, 'Fixture.template.json');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return assembly;
}

function guardianOf(parent: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    const started = startedProcess(Number(pid));
    return started && isGuardian(pid) && parentOf(pid) === parent;
  });
  return Number(found);
}

const isGuardian = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('guardian');
const parentOf = (pid: string) =>
  Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

function withIndex(template: string): string {
  const index = {
    IndexName: 'again',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'ALL' },
  };
  return template.replace(
    '"BillingMode"',
    `"GlobalSecondaryIndexes":${JSON.stringify([index])},"BillingMode"`,
  );
}
