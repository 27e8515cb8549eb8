/** What became of one of those that were asked for together. */
export type Gathered<Answer> = { readonly answer: Answer } | { readonly error: unknown };

/**
 * Makes few calls of many that are asked for side by side: whatever is asked for in one turn of the event loop goes out
 * together, at most so many a call. Everybody hears an answer, or an error, of their own; an error of the call is everybody's.
 */
export function gathered<Question, Answer>(
  most: number,
  callFor: (questions: readonly Question[]) => Promise<readonly Gathered<Answer>[]>,
): (question: Question) => Promise<Answer> {
  let waiting: Asked<Question, Answer>[] = [];
  const send = (): void => {
    const all = waiting;
    waiting = [];
    for (let at = 0; at < all.length; at += most) void answer(all.slice(at, at + most), callFor);
  };
  return (question) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(send);
      waiting.push({ question, resolve, reject });
    });
}

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

async function answer<Question, Answer>(
  asked: readonly Asked<Question, Answer>[],
  callFor: (questions: readonly Question[]) => Promise<readonly Gathered<Answer>[]>,
): Promise<void> {
  try {
    const answers = await callFor(asked.map(({ question }) => question));
    for (const [place, { resolve, reject }] of asked.entries()) {
      const own = answers[place] ?? { error: new Error('One of those asked for together was not answered.') };
      if ('error' in own) reject(own.error);
      else resolve(own.answer);
    }
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}
