import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';

/** The SDK clients that share a stack of middleware; both have far more to them than is needed here. */
interface Intercepted {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: { step: 'initialize'; name: string; override: true },
    ): void;
    remove(name: string): boolean;
  };
}

/** What to do with a call: `next` makes it. */
export type Intercept = (call: {
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly next: () => Promise<unknown>;
}) => Promise<unknown>;

const NAME = 'injected';

/** From now on every call of this client goes through here, as if the network or AWS answered so. */
export function intercept(client: object, what: Intercept): { stop: () => void } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK's own types name every command of a client
  const { middlewareStack } = client as Intercepted;
  middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const { input } = args as { input: Record<string, unknown> }; // what a middleware of this step is handed
        return what({ command: commandName, input, next: () => next(args) });
      },
    { step: 'initialize', name: NAME, override: true },
  );
  return { stop: () => void middlewareStack.remove(NAME) };
}

/** Does this with the first calls of a command, and lets all others through. */
export function first(
  times: number,
  command: string,
  what: (next: () => Promise<unknown>, input: Readonly<Record<string, unknown>>) => Promise<unknown>,
): Intercept & { readonly calls: () => number } {
  let calls = 0;
  const through: Intercept = (call) => {
    if (call.command !== command) return call.next();
    calls++;
    return calls <= times ? what(call.next, call.input) : call.next();
  };
  return Object.assign(through, { calls: () => calls });
}

/** What AWS answers without being asked. */
export const answered = (output: object): object => ({ response: {}, output: { $metadata: {}, ...output } });

/** The call is made, and its answer never comes. */
export const lost = async (next: () => Promise<unknown>): Promise<never> => {
  await next();
  throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
};

export const conflict = (): Error =>
  new TransactionConflictException({ $metadata: {}, message: 'Conflict.' });

/** A transaction that was given up for these reasons, one for each of its items. */
export const canceled = (...codes: string[]): Error =>
  new TransactionCanceledException({
    $metadata: {},
    message: codes.join(),
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

export const refuse = (refusal: Error) => async (): Promise<never> => {
  throw refusal;
};
