import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { runtimeKey, secretKeyOf } from './access-key.ts';
import { type Signer, signerOf } from './caller.ts';
import { readAll } from './forward.ts';
import { type Caller, type Denial, denialOf } from './guard.ts';
import { isMassDeletion, massDeletionRefusal } from './mass-deletion.ts';
import type { ServiceRequest } from './needs/need.ts';
import { mayKnowWhatIsThere, objectMissing } from './needs/s3.ts';
import { wantedBy } from './needs/wanted.ts';
import { presignedRefusal } from './presigned.ts';
import { type Refusal, type RefusalAnswer, refusalAnswer } from './refusal.ts';
import type { Witness } from './witness.ts';

/** The emulators by the name that a signature gives their service. */
export type Upstreams = Readonly<Record<string, string>>;

export type Verdict =
  | { readonly kind: 'refuse'; readonly answer: RefusalAnswer }
  | {
      readonly kind: 'forward';
      readonly endpoint: string;
      /** The body where it had to be read; else it is still to come. */
      readonly body?: Buffer;
      /** What is answered in place of an error of the emulator. */
      readonly instead?: (status: number, body: string) => RefusalAnswer | undefined;
    };

/** Decides about each request to an emulator: who calls, what it wants, whether that is allowed. */
export class Gate {
  readonly #upstreams: Upstreams;
  readonly #witness: Witness;
  readonly #asksPolicies: boolean;
  #callers: ReadonlyMap<string, Caller> = new Map();

  constructor(upstreams: Upstreams, witness: Witness, { asksPolicies = true } = {}) {
    this.#upstreams = upstreams;
    this.#witness = witness;
    this.#asksPolicies = asksPolicies;
  }

  /** From now on these callers are known, and nobody else but the runtime itself. */
  enforce(callers: ReadonlyMap<string, Caller>): void {
    this.#callers = callers;
  }

  async judge(request: IncomingMessage): Promise<Verdict> {
    const [path = '/', search = ''] = splitAt(request.url ?? '/', '?');
    const query = new URLSearchParams(search);
    const signer = signerOf(request.headers, query);
    if (!signer) return refuse(serviceOf(request), notSigned);
    const endpoint = this.#upstreams[signer.service];
    if (endpoint !== undefined && signer.accessKey === runtimeKey) return { kind: 'forward', endpoint };
    const caller = this.#callers.get(signer.accessKey);
    if (!caller) return refuse(signer.service, unknownKey(signer));
    if (endpoint === undefined) return this.#deny(caller, signer.service, noEmulator(signer.service));
    const broken = signer.isPresigned ? brokenSignature(signer, request, { path, query }) : undefined;
    if (broken) return { kind: 'refuse', answer: broken };
    if (!this.#asksPolicies) return { kind: 'forward', endpoint };
    return this.#judgeCaller(caller, endpoint, request, { service: signer.service, path, query });
  }

  async #judgeCaller(
    caller: Caller,
    endpoint: string,
    request: IncomingMessage,
    target: Pick<ServiceRequest, 'service' | 'path' | 'query'>,
  ): Promise<Verdict> {
    const { service, path } = target;
    const { method = 'GET', headers } = request;
    const isMass = service === 's3' && isMassDeletion({ method, ...target });
    // Large objects are passed on as they stream in.
    const isLarge = service === 's3' && !isMass && announcedLength(headers) > largestInMemory;
    const body = isLarge ? undefined : await readAll(request);
    const text = service === 's3' && !isMass ? '' : (body?.toString() ?? '');
    const wanted = wantedBy({ ...target, method, headers, body: text });
    const denial = denialOf(caller, wanted);
    if (denial && isMass) {
      this.#witness.refused(caller, denial);
      return { kind: 'refuse', answer: massDeletionRefusal(text, denial.message) };
    }
    if (denial) return this.#deny(caller, service, denial);
    this.#witness.allowed(caller, wanted);
    const instead = service === 's3' ? this.#hidingMissing(caller, path) : undefined;
    return { kind: 'forward', endpoint, ...(body && { body }), ...(instead && { instead }) };
  }

  #deny(caller: Caller, service: string, denial: Denial): Verdict {
    this.#witness.refused(caller, denial);
    return refuse(service, { kind: 'access denied', message: denial.message });
  }

  /** To those who may not list a bucket, S3 does not say that an object is not there. */
  #hidingMissing(caller: Caller, path: string) {
    const denial = denialOf(caller, { operation: 'list', needs: [mayKnowWhatIsThere(path)] });
    if (!denial) return undefined;
    return (status: number, body: string) => {
      if (!objectMissing(status, body)) return undefined;
      this.#witness.refused(caller, denial);
      return refusalAnswer('s3', { kind: 'access denied', message: denial.message });
    };
  }
}

const largestInMemory = 1_000_000;

const announcedLength = (headers: IncomingHttpHeaders): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Infinity;

const brokenSignature = (
  { accessKey }: Signer,
  { method = 'GET', headers }: IncomingMessage,
  address: Pick<ServiceRequest, 'path' | 'query'>,
) => presignedRefusal({ method, headers, ...address }, secretKeyOf(accessKey), Date.now());

const refuse = (service: string, refusal: Refusal): Verdict => ({
  kind: 'refuse',
  answer: refusalAnswer(service, refusal),
});

const notSigned: Refusal = { kind: 'not signed', message: 'Access Denied' };

const unknownKey = ({ service }: Signer): Refusal => ({
  kind: 'unknown key',
  message:
    service === 's3'
      ? 'The AWS Access Key Id you provided does not exist in our records.'
      : 'The security token included in the request is invalid.',
});

const noEmulator = (service: string): Denial => ({
  action: `${service}:*`,
  resource: '*',
  message: `There is no emulator of the service ${service} here.`,
});

/** Only S3 is asked without a signature; the others name their operation in a header. */
function serviceOf({ headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target !== 'string') return 's3';
  return target.startsWith('AmazonSQS') ? 'sqs' : 'dynamodb';
}

function splitAt(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
