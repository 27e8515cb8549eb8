import type { Agenda } from './agenda.ts';
import type { Dice } from './dice.ts';
import type { Host } from './host.ts';
import type { Faults } from './profile.ts';
import type { Message, SimQueue } from './queue.ts';

/** An invocation of a consumer, in a process of its own. */
export interface Invoked {
  readonly host: Host;
  /** True time at which Lambda kills it. */
  readonly killedAt: number;
}

export type Handle = (message: Message, invoked: Invoked) => Promise<void>;

interface Rules {
  readonly name: string;
  readonly batch: number;
  readonly limitMs: number;
  readonly atOnce: number;
  readonly handle: Handle;
}

interface Surroundings {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly faults: () => Faults;
  /** Until when nobody hears anything. */
  readonly standsUntil: () => number;
  readonly newHost: (name: string, onDeath: () => void) => Host;
  readonly tell: (who: string, what: string) => void;
  readonly leftBehind: (host: string, what: string) => void;
}

/** Hears the messages of a queue from now on. */
export function startConsumer(queue: SimQueue, rules: Rules, around: Surroundings): void {
  const consumer = new Consumer(queue, rules, around);
  queue.onVisible = () => consumer.poll();
}

/** The event source mapping of a queue with partial batch response, and the Lambda function behind it. */
class Consumer {
  readonly #queue: SimQueue;
  readonly #rules: Rules;
  readonly #around: Surroundings;
  #running = 0;
  #isPolling = false;

  constructor(queue: SimQueue, rules: Rules, around: Surroundings) {
    this.#queue = queue;
    this.#rules = rules;
    this.#around = around;
  }

  poll(): void {
    if (this.#isPolling || this.#running >= this.#rules.atOnce) return;
    this.#isPolling = true;
    const { agenda, dice, standsUntil } = this.#around;
    agenda.at(Math.max(agenda.now, standsUntil()) + dice.between(1, 20), () => {
      this.#isPolling = false;
      const batch = this.#queue.receive(this.#rules.batch);
      if (batch.length === 0) return;
      this.#running++;
      const start = dice.chance(0.2) ? dice.between(100, 1_000) : dice.between(1, 30);
      agenda.after(start, () => this.#invoke(batch));
      this.poll();
    });
  }

  #invoke(batch: readonly Message[]): void {
    const { agenda, dice, faults, newHost, tell } = this.#around;
    const { name, limitMs } = this.#rules;
    const free = (): void => {
      this.#running--;
      this.poll();
    };
    const host = newHost(name, free);
    tell(host.name, `hears ${batch.map((message) => wordsOf(message)).join(', ')}`);
    const killedAt = agenda.now + limitMs;
    const calledOff = [agenda.at(killedAt, () => host.kill('limit'))];
    if (dice.chance(faults().killedInTime)) {
      calledOff.push(agenda.after(dice.between(1, limitMs), () => host.kill('fault')));
    }
    void this.#run(batch, { host, killedAt }, () => {
      for (const callOff of calledOff) callOff();
      free();
    });
  }

  /** Groups side by side. Never goes on where the process has died. */
  async #run(batch: readonly Message[], invoked: Invoked, over: () => void): Promise<void> {
    const groups = Map.groupBy(batch, ({ group }) => group);
    const done = await Promise.all([...groups.values()].map((group) => this.#inOrder(group, invoked)));
    const { host } = invoked;
    for (const what of host.pending) this.#around.leftBehind(host.name, what);
    host.freeze();
    this.#delete(done.flat());
    over();
  }

  /** Behind a message that fails the rest of its group comes back too. */
  async #inOrder(group: readonly Message[], invoked: Invoked): Promise<Message[]> {
    const done: Message[] = [];
    for (const message of group) {
      try {
        await this.#rules.handle(message, invoked);
        done.push(message);
      } catch (error) {
        this.#around.tell(invoked.host.name, `fails: ${String(error)}`);
        break;
      }
    }
    return done;
  }

  #delete(done: readonly Message[]): void {
    const { agenda, dice, faults } = this.#around;
    for (const message of done) {
      // A deletion that comes too late, or not at all: the message is delivered once more.
      if (!dice.chance(faults().duplicate))
        agenda.after(dice.between(1, 20), () => this.#queue.delete(message));
    }
  }
}

const wordsOf = ({ ring, receives }: Message): string =>
  `${ring.token ?? ''}/${ring.jobId.slice(-3)}${receives > 1 ? ` (for the ${receives}. time)` : ''}`;
