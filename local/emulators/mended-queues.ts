import * as z from 'zod';

/**
 * Two faults of fauxqs 2.4.1 change what the service does, so they are mended on its classes, before it makes a queue:
 *
 * - It offers the groups of a FIFO queue in the order in which it first saw them, each until it is empty: while a few have a
 *   backlog, later ones wait for ever. SQS promises order within a group and shows no such preference among groups. Here a
 *   group that was served goes to the end of the line.
 * - With a data folder a message that is given back (`VisibilityTimeout: 0`) is lost until the next start, and its group stays
 *   locked: the row on disk is told to forget how often it was received, which the table forbids. Here the row keeps that.
 *
 * And its file waits for the disk at each send, receive and delete. A message need not outlive a power cut on a laptop: with
 * its write-ahead log SQLite keeps what was committed through a kill of the process without that.
 * https://www.sqlite.org/pragma.html#pragma_synchronous
 */
export function mendQueues(): Promise<void> {
  mended ??= mend();
  return mended;
}

let mended: Promise<void> | undefined;

async function mend(): Promise<void> {
  const { SqsQueue } = queues.parse(await import(inside('sqs/sqsStore.js')));
  const { PersistenceManager } = files.parse(await import(inside('persistence.js')));
  letGroupsTakeTurns(SqsQueue.prototype);
  keepReceiveCounts(PersistenceManager.prototype);
  waitForNoDisk(PersistenceManager.prototype);
}

/** The package exports its entrance only; the classes lie beside it. */
const inside = (path: string) => new URL(path, import.meta.resolve('fauxqs')).href;

interface Queue {
  /** The messages that wait, by group. */
  readonly fifoMessages: Map<string, unknown[]>;
  readonly inflightMessages: ReadonlyMap<string, { message: { messageGroupId?: string } }>;
  dequeueFifo(...args: unknown[]): { ReceiptHandle: string }[];
}

interface Persistence {
  readonly db: { prepare(sql: string): { run(id: string): unknown }; exec(sql: string): void };
  /** Called once, as soon as the file is open. */
  prepareStatements(): unknown;
  updateMessageReady(messageId: string): void;
}

const classWith = <T extends object>(method: keyof T & string) =>
  z.custom<{ prototype: T }>(
    (given) =>
      typeof given === 'function' && typeof Reflect.get(Object(given.prototype), method) === 'function',
    `fauxqs has no ${method} any more: look whether it still needs mending`,
  );

const queues = z.object({ SqsQueue: classWith<Queue>('dequeueFifo') });
const files = z.object({
  PersistenceManager: classWith<Persistence>('updateMessageReady').and(
    classWith<Persistence>('prepareStatements'),
  ),
});

function letGroupsTakeTurns(queue: Queue): void {
  const dequeue = Reflect.get(queue, 'dequeueFifo');
  queue.dequeueFifo = function takeTurns(this: Queue, ...args) {
    const received = dequeue.apply(this, args);
    for (const { ReceiptHandle } of received) {
      const group = this.inflightMessages.get(ReceiptHandle)?.message.messageGroupId ?? '';
      const followers = this.fifoMessages.get(group);
      // A Map lists what is put in last at the end.
      if (this.fifoMessages.delete(group) && followers) this.fifoMessages.set(group, followers);
    }
    return received;
  };
}

function keepReceiveCounts(persistence: Persistence): void {
  persistence.updateMessageReady = makeVisible;
}

function makeVisible(this: Persistence, messageId: string): void {
  const visible = 'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL';
  this.db.prepare(`${visible} WHERE message_id = ?`).run(messageId);
}

function waitForNoDisk(persistence: Persistence): void {
  const prepare = Reflect.get(persistence, 'prepareStatements');
  persistence.prepareStatements = function withoutWaiting(this: Persistence) {
    this.db.exec('PRAGMA synchronous = NORMAL');
    return prepare.call(this);
  };
}
