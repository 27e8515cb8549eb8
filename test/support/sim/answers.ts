import { answerCallback } from '../../../shared/service/answer-callback.ts';
import type { CallbackAnswer } from '../../../shared/service/callbacks.ts';
import { OPERATOR } from '../callers.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import type { World } from './world.ts';

/** The first comes before the job waits, more often than not. */
const AFTER_MS = [1, 5, 20, 60, 500, 5_000, 60_000, 120_000] as const;
const MOST_REPEATS = 4;

/** Whoever is given a token: answers it early, late, twice, differently, or never. */
export function answersOf(world: World, client: Client): (token: string) => void {
  const known = new Set<string>();
  const { agenda, dice } = world;
  return (token) => {
    // A worker that takes over gives it away once more.
    if (known.has(token) || dice.chance(0.2)) return;
    known.add(token);
    const said = someAnswer(dice);
    const say = (what: CallbackAnswer) =>
      agenda.after(dice.between(1, dice.pick(AFTER_MS)), () => void answer(token, what, { world, client }));
    say(said);
    if (dice.chance(0.3)) say(said);
    if (dice.chance(0.3)) say(someAnswer(dice));
  };
}

const someAnswer = (dice: Dice): CallbackAnswer =>
  dice.chance(0.7)
    ? { result: dice.between(1, 1_000) }
    : { error: { message: `It failed ${dice.between(1, 1_000)}.`, permanent: dice.chance(0.3) } };

interface Surroundings {
  readonly world: World;
  readonly client: Client;
}

async function answer(token: string, said: CallbackAnswer, around: Surroundings, repeats = 0): Promise<void> {
  const { world, client } = around;
  if (world.isEnding) return;
  world.see({ kind: 'answering', token, said });
  const given = await client.call((creator) => answerCallback({ token, ...said }, OPERATOR, creator));
  const seen = given.is === 'done' ? { is: 'done' as const, job: undefined } : given;
  world.see({ kind: 'callback', token, said, answer: seen });
  if (given.is !== 'unknown' || repeats === MOST_REPEATS || !world.dice.chance(0.8)) return;
  world.agenda.after(world.dice.between(1, 5_000), () => void answer(token, said, around, repeats + 1));
}
