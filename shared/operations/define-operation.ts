import type * as z from 'zod';
import type { Json } from '../job/json.ts';
import type {
  CancelContext,
  Checkpoint,
  Operation,
  Outcome,
  RunContext,
  Wait,
} from '../service/operation.ts';

interface Definition<Input extends Json, Cursor extends Json, Repositories>
  extends Omit<Operation<Repositories>, 'input' | 'run' | 'onCancel'> {
  readonly input: z.ZodType<Input>;
  /** What checkpoints carry; a cursor that does not fit is a bug and fails the job. */
  readonly cursor: z.ZodType<Cursor>;
  readonly run: (
    input: Input,
    context: RunContext<Repositories, Cursor>,
  ) => AsyncGenerator<Checkpoint & { cursor: Cursor }, Outcome | Wait, void>;
  readonly onCancel?: (input: Input, context: CancelContext<Repositories>) => Promise<void>;
}

/** Makes an operation whose code sees its own input and cursor types: both are parsed on the way in. */
export const defineOperation = <Input extends Json, Cursor extends Json, Repositories>({
  input,
  cursor,
  run,
  onCancel,
  ...facts
}: Definition<Input, Cursor, Repositories>): Operation<Repositories> => ({
  ...facts,
  input,
  // A generator, so that an input or cursor that does not fit fails the job, not the one who starts it.
  run: async function* (rawInput, context) {
    return yield* run(input.parse(rawInput), {
      ...context,
      cursor: context.cursor === undefined ? undefined : cursor.parse(context.cursor),
    });
  },
  ...(onCancel !== undefined && {
    onCancel: async (rawInput, context) => onCancel(input.parse(rawInput), context),
  }),
});
