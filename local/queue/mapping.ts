import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isThrottled } from '../lambda/instances.ts';
import type { InvocationResult } from '../lambda/messages.ts';
import { batchOutcome } from './batch-outcome.ts';
import { toSqsEvent } from './sqs-event.ts';

export interface QueueMapping {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly reportsBatchItemFailures: boolean;
  /** As they are now: calls change them while messages are polled. */
  settings(): QueueSettings;
}

export interface QueueSettings {
  readonly isEnabled: boolean;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
}

export interface MappingSurroundings {
  readonly sqs: SQSClient;
  hasPlace(): boolean;
  invoke(event: string): Promise<InvocationResult>;
  reportBug(text: string): void;
  log(text: string): void;
}

// An aborted long poll may swallow a message until its visibility timeout: so polls are short, and always awaited.
const pollSeconds = 1;
const waitForPlaceMs = 20;
const afterErrorMs = 500;

/** Hands the messages of a queue to a function: one poller per queue, several batches at once. */
export class QueuePoller {
  readonly #mapping: QueueMapping;
  readonly #around: MappingSurroundings;
  /** Batches that a function has: what counts for the maximum concurrency. */
  readonly #running = new Set<Promise<void>>();
  /** Batches that are not over: of some only the messages are still to be deleted. */
  readonly #open = new Set<Promise<void>>();
  #stopping = false;

  constructor(mapping: QueueMapping, around: MappingSurroundings) {
    this.#mapping = mapping;
    this.#around = around;
    void this.#poll();
  }

  /** No new batches. A poll that is under way gives back what it receives; the emulator ends it when it stops itself. */
  async stop(): Promise<void> {
    this.#stopping = true;
  }

  /** Resolves when no batch is open. */
  async drained(): Promise<void> {
    await Promise.all(this.#open);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping) {
      if (this.#hasCapacity()) await this.#pollOnce();
      else await Promise.race([delay(waitForPlaceMs), ...this.#running]);
    }
  }

  #hasCapacity(): boolean {
    const { isEnabled, maximumConcurrency } = this.#mapping.settings();
    return isEnabled && this.#running.size < maximumConcurrency && this.#around.hasPlace();
  }

  async #pollOnce(): Promise<void> {
    const messages = await this.#receive();
    if (messages.length === 0) return;
    const handled = this.#stopping ? this.#giveBack(messages) : this.#handle(messages);
    const batch = handled
      .catch((error: unknown) => this.#logUnfinished(error))
      .finally(() => this.#open.delete(batch));
    this.#open.add(batch);
  }

  async #receive(): Promise<Message[]> {
    const { queueUrl } = this.#mapping;
    try {
      const { Messages = [] } = await this.#around.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: this.#mapping.settings().batchSize,
          WaitTimeSeconds: pollSeconds,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages;
    } catch (error) {
      if (this.#stopping) return [];
      this.#around.log(`cannot receive from ${queueUrl}: ${String(error)}`);
      return delay(afterErrorMs, []);
    }
  }

  /** What is not deleted comes back after the visibility timeout of the queue, and goes where its redrive policy says. */
  async #handle(messages: readonly Message[]): Promise<void> {
    const result = await this.#invoke(messages);
    if (isThrottled(result)) return;
    const { reportsBatchItemFailures } = this.#mapping;
    const { done, bug } = batchOutcome(messages, result, reportsBatchItemFailures);
    if (bug) this.#around.reportBug(`of the batch response: ${bug}`);
    if (done.length > 0) await this.#delete(done);
  }

  /** The next batch need not wait until the messages of this one are deleted, but until those that nobody takes are given back. */
  async #invoke(messages: readonly Message[]): Promise<InvocationResult> {
    const over = Promise.withResolvers<void>();
    this.#running.add(over.promise);
    try {
      const event = JSON.stringify(toSqsEvent(messages, this.#mapping.queueArn));
      const result = await this.#around.invoke(event);
      if (isThrottled(result)) await this.#giveBack(messages);
      return result;
    } finally {
      this.#running.delete(over.promise);
      over.resolve();
    }
  }

  #logUnfinished(error: unknown): void {
    this.#around.log(`a batch of ${this.#mapping.queueUrl} was not finished: ${String(error)}`);
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await this.#around.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#mapping.queueUrl, Entries }));
  }

  /** No invocation is to be had for them: visible again at once, the last first, so that a group keeps its order. */
  async #giveBack(messages: readonly Message[]): Promise<void> {
    const Entries = messages
      .toReversed()
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await this.#around.sqs.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#mapping.queueUrl, Entries }),
    );
  }
}
