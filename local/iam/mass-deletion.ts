import type { ServiceRequest } from './needs/need.ts';
import type { RefusalAnswer } from './refusal.ts';

/** `POST /bucket?delete`: the only request to S3 whose body says what is wanted. */
export const isMassDeletion = ({ method, query }: Pick<ServiceRequest, 'method' | 'query'>) =>
  method === 'POST' && query.has('delete');

export const deletedKeys = (body: string): string[] =>
  [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => plain(key));

/**
 * S3 answers 200 and tells key by key what went wrong: easily overlooked. It would delete those that are allowed; here, where
 * one is refused, all are.
 */
export function massDeletionRefusal(body: string, message: string): RefusalAnswer {
  const error = `<Code>AccessDenied</Code><Message>${escaped(message)}</Message>`;
  const errors = deletedKeys(body).map((key) => `<Error><Key>${escaped(key)}</Key>${error}</Error>`);
  const answer = `<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult>${errors.join('')}</DeleteResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: answer };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (text: string) => text.replaceAll(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);

export const escaped = (text: string) =>
  text.replaceAll(/[&<>]/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`);
