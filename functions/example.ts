import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';

/** What a job of `invoke-function` sends. */
const Event = z.looseObject({
  type: z.enum(['invoked', 'canceled']),
  payload: z.unknown(),
  callback: z.looseObject({ token: z.string() }).optional(),
});

/** What it is asked to do, so that everything can be tried out. */
const Wish = z
  .looseObject({ waitMs: z.int().min(0).max(60_000), fail: z.string(), permanent: z.boolean() })
  .partial();

class ExampleError extends Error {
  override name = 'ExampleError';
}
class ExamplePermanentError extends Error {
  override name = 'ExamplePermanentError';
}

/**
 * An example of a function that jobs call; only the stage `local` has it. With a callback it would begin its work now
 * and answer by `POST /callbacks` when it is done; the token is logged here so that one can do that by hand.
 */
export async function handler(event: unknown): Promise<unknown> {
  console.log(`example: ${JSON.stringify(event)}`);
  const { type, payload, callback } = Event.parse(event);
  if (type === 'canceled' || callback !== undefined) return { accepted: true };
  const { waitMs = 0, fail, permanent = false } = Wish.safeParse(payload).data ?? {};
  await setTimeout(waitMs);
  if (fail === undefined) return { echo: payload };
  throw permanent ? new ExamplePermanentError(fail) : new ExampleError(fail);
}
