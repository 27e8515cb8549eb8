import type { Ring } from '../../../shared/service/ports.ts';
import type { Agenda } from './agenda.ts';
import { MAX_RECEIVES } from './profile.ts';

export interface Message {
  readonly number: number;
  readonly group: string;
  readonly ring: Ring;
  /** Of a timer. */
  readonly at?: number;
  /** Nobody gets it before. */
  visibleAt: number;
  receives: number;
}

interface Rules {
  readonly visibilityMs: number;
  /** No message of a group while another one of it is with somebody. */
  readonly locksGroups: boolean;
  /** Takes what was received too often. */
  readonly dead: (message: Message) => void;
}

/** An SQS queue: every message is delivered at least once, and comes back until somebody deletes it. */
export class SimQueue {
  readonly #agenda: Agenda;
  readonly #rules: Rules;
  readonly #messages = new Set<Message>();
  #numbers = 0;
  /** Called whenever there may be something to receive. */
  onVisible: () => void = () => undefined;

  constructor(agenda: Agenda, rules: Rules) {
    this.#agenda = agenda;
    this.#rules = rules;
  }

  get size(): number {
    return this.#messages.size;
  }

  send(ring: Ring, group: string, { delayMs = 0, at }: { delayMs?: number; at?: number } = {}): void {
    const visibleAt = this.#agenda.now + delayMs;
    const facts = { number: ++this.#numbers, group, ring, visibleAt, receives: 0 };
    this.#messages.add(at === undefined ? facts : { ...facts, at });
    this.#agenda.at(visibleAt, () => this.onVisible());
  }

  /** What is visible now, in the order of sending; at most so many. */
  receive(most: number): Message[] {
    const now = this.#agenda.now;
    const closed = new Set<string>();
    const batch: Message[] = [];
    for (const message of this.#messages) {
      if (batch.length === most) break;
      const isVisible = message.visibleAt <= now;
      if (isVisible && !closed.has(message.group)) batch.push(message);
      else if (this.#rules.locksGroups) closed.add(message.group);
    }
    for (const message of batch) this.#take(message);
    return batch.filter((message) => this.#messages.has(message));
  }

  delete(message: Message): void {
    this.#messages.delete(message);
    this.#agenda.after(0, () => this.onVisible());
  }

  #take(message: Message): void {
    message.receives++;
    if (message.receives > MAX_RECEIVES) {
      this.delete(message);
      this.#rules.dead(message);
      return;
    }
    message.visibleAt = this.#agenda.now + this.#rules.visibilityMs;
    this.#agenda.at(message.visibleAt, () => this.onVisible());
  }
}
