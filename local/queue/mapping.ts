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
  readonly #running = new Set<Promise<void>>();
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

  /** Resolves when no batch is running. */
  async drained(): Promise<void> {
    await Promise.all(this.#running);
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
      .finally(() => this.#running.delete(batch));
    this.#running.add(batch);
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
    const { queueArn, reportsBatchItemFailures } = this.#mapping;
    const result = await this.#around.invoke(JSON.stringify(toSqsEvent(messages, queueArn)));
    if (isThrottled(result)) return this.#giveBack(messages);
    const { done, bug } = batchOutcome(messages, result, reportsBatchItemFailures);
    if (bug) this.#around.reportBug(`of the batch response: ${bug}`);
    if (done.length > 0) await this.#delete(done);
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
