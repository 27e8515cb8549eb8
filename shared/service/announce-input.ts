import * as z from 'zod';
import { type Caller, requireRole } from './caller.ts';
import { INPUT_TICKET_SECONDS, MAX_UPLOAD_BYTES } from './new-job.ts';
import type { Clock, InputBlobs } from './ports.ts';

/** The body of `POST /jobs/inputs`. */
export const NewInput = z.strictObject({ bytes: z.int().min(1).max(MAX_UPLOAD_BYTES) });

export interface InputTicket {
  /** For the order, once the input is uploaded. */
  readonly inputBlobId: string;
  /** A presigned PUT, with the headers that it needs. */
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly expiresAt: string;
}

/** Where to upload an input that is too large for an order. */
export async function announceInput(
  { bytes }: z.output<typeof NewInput>,
  caller: Caller,
  { inputs, newId, clock }: { inputs: InputBlobs; newId: () => string; clock: Clock },
): Promise<InputTicket> {
  requireRole(caller, 'operator');
  const inputBlobId = newId();
  // Before it is signed, so that the URL is good for as long as this says.
  const expiresAt = new Date(clock() + INPUT_TICKET_SECONDS * 1_000).toISOString();
  return { inputBlobId, ...(await inputs.ticketFor(inputBlobId, bytes)), expiresAt };
}
