import { createHash } from 'node:crypto';
import type { Json } from '../job/json.ts';
import { type Caller, requireRole } from './caller.ts';
import type { Creator } from './create-job.ts';
import { InvalidInput } from './errors.ts';
import { MAX_INPUT_BYTES, MAX_UPLOAD_BYTES, type NewJob } from './new-job.ts';
import type { RowExtras } from './new-row.ts';
import type { Operation, Operations } from './operation.ts';
import { faultsOf } from './parse.ts';

/** An order that can be carried out: everything in it is known and fits. */
export interface CheckedOrder {
  readonly operation: Operation<never>;
  /** Absent where it was uploaded. */
  readonly input?: Json | undefined;
  readonly texts: { readonly name: string; readonly description?: string; readonly dependencyToken?: string };
  readonly extras: RowExtras;
}

type Checker = Pick<Creator, 'operations' | 'inputs'>;

/** Throws `NotAllowed` or `InvalidInput`, before anything is kept. */
export async function checkedOrder(
  order: NewJob,
  caller: Caller,
  creator: Checker,
  hasChosenId: boolean,
): Promise<CheckedOrder> {
  requireRole(caller, 'operator');
  const operation = chosenOperation(order, creator.operations);
  const input = allowedInput(checkedInput(order, operation), operation, caller);
  await requireUpload(order, creator);
  const {
    name = operation.label,
    description,
    dependencyToken,
    postponeUntil,
    maxRetries,
    inputBlobId,
    deleteOnSuccess,
  } = order;
  const lane = inputBlobId === undefined ? operation.laneOf?.(input ?? null) : 'bulk';
  return {
    operation,
    input,
    texts: {
      name,
      ...(description !== undefined && { description }),
      ...(dependencyToken !== undefined && { dependencyToken }),
    },
    extras: {
      ...(postponeUntil !== undefined && { postponeUntil }),
      ...(maxRetries !== undefined && { maxRetries }),
      ...(inputBlobId !== undefined && { inputBlobId }),
      ...(deleteOnSuccess && { deleteOnSuccess }),
      ...(lane !== undefined && lane !== operation.lane && { lane }),
      ...(hasChosenId && { requestHash: hashOf(order) }),
    },
  };
}

function chosenOperation(order: NewJob, operations: Operations<never>): Operation<never> {
  const operation = operations.get(order.operation);
  if (operation !== undefined && !operation.isPlatformGenerated) return operation;
  const known = [...operations.values()]
    .filter((one) => !one.isPlatformGenerated)
    .map((one) => one.name)
    .join(', ');
  throw new InvalidInput([{ pointer: '/operation', detail: `There is no such operation. Known: ${known}.` }]);
}

function checkedInput({ input }: NewJob, operation: Operation<never>): Json | undefined {
  if (input === undefined) return undefined;
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > MAX_INPUT_BYTES) {
    const detail = `The input has ${bytes} bytes; at most ${MAX_INPUT_BYTES} are allowed. Upload a larger one by POST /jobs/inputs.`;
    throw new InvalidInput([{ pointer: '/input', detail }]);
  }
  const checked = operation.input.safeParse(input);
  if (!checked.success) throw new InvalidInput(faultsOf(checked.error, '/input'));
  return checked.data;
}

/** The input as it is kept, if the caller may order it. Throws `NotAllowed`. */
export function allowedInput(
  input: Json | undefined,
  { authorize, prepare }: Pick<Operation<never>, 'authorize' | 'prepare'>,
  caller: Caller,
): Json | undefined {
  authorize?.(seenInput(input), caller);
  return prepare === undefined ? input : prepare(seenInput(input), caller);
}

/** Who may order something can't be said of an input that nobody has read. */
function seenInput(input: Json | undefined): Json {
  if (input !== undefined) return input;
  const detail = 'Who may order this depends on its input: send it with the order.';
  throw new InvalidInput([{ pointer: '/inputBlobId', detail }]);
}

async function requireUpload({ inputBlobId }: NewJob, { inputs }: Checker): Promise<void> {
  if (inputBlobId === undefined) return;
  const bytes = await inputs.sizeOf(inputBlobId);
  if (bytes !== undefined && bytes <= MAX_UPLOAD_BYTES) return;
  const detail =
    bytes === undefined
      ? 'Nothing was uploaded under this id yet; PUT the input to the URL that POST /jobs/inputs gave.'
      : `The upload has ${bytes} bytes; at most ${MAX_UPLOAD_BYTES} are allowed.`;
  throw new InvalidInput([{ pointer: '/inputBlobId', detail }]);
}

/** 96 bits of the order, whatever the order of its fields. */
export const hashOf = (order: object): string =>
  createHash('sha256').update(canonical(order)).digest('base64url').slice(0, 16);

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
