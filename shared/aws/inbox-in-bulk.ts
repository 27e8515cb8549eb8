import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type More, OUTCOMES } from '../service/notifications/digest.ts';
import type { DigestKey, EntryKey } from '../service/notifications/ports.ts';
import { batchWrite, WRITES_PER_CALL } from './batch-write.ts';
import { type Gathered, gathered } from './gathered.ts';
import { keyOf, nameOf } from './inbox-item.ts';

interface Mark {
  readonly key: EntryKey;
  readonly expiresAt: number;
}

interface Counted {
  readonly digest: DigestKey;
  readonly outcome: keyof More;
  readonly expiresAt: number;
}

/** More than a batch of the stream brings. */
const COUNTED_AT_ONCE = 1_000;

/** Writes marks of ends that were told, as many a call as it takes: without a condition, which such a call cannot have. */
export const markWriter = (tables: DynamoDBDocumentClient, table: string) =>
  gathered(WRITES_PER_CALL, async (marks: readonly Mark[]) => {
    // DynamoDB refuses a batch that names a key twice.
    const unique = new Map(marks.map((mark) => [nameOf(mark.key), mark]));
    const puts = [...unique.values()].map(({ key, expiresAt }) => ({
      PutRequest: { Item: { ...keyOf(key), isHidden: true, expiresAt } },
    }));
    await batchWrite(tables, table, puts);
    return marks.map(() => ({ answer: undefined }));
  });

/** Counts in digests: what comes together for one of them is one write. */
export const digestWriter = (tables: DynamoDBDocumentClient, table: string) =>
  gathered(COUNTED_AT_ONCE, async (all: readonly Counted[]) => {
    const byDigest = Map.groupBy(all, ({ digest }) => nameOf(digest));
    const written = new Map<string, Gathered<void>>();
    await Promise.all(
      [...byDigest].map(async ([name, counted]) =>
        written.set(name, await orError(tables.send(new UpdateCommand(additionOf(table, counted))))),
      ),
    );
    return all.flatMap(({ digest }) => written.get(nameOf(digest)) ?? []);
  });

const orError = (call: Promise<unknown>): Promise<Gathered<void>> =>
  call.then(
    () => ({ answer: undefined }),
    (error: unknown) => ({ error }),
  );

/** No condition: it may have been read or deleted, and there is something new in it. */
function additionOf(TableName: string, counted: readonly Counted[]): UpdateCommand['input'] {
  const [first] = counted;
  if (first === undefined) throw new Error('There is nothing to count.');
  const { digest, expiresAt } = first;
  const sums = OUTCOMES.map((outcome) => ({
    outcome,
    sum: counted.filter((one) => one.outcome === outcome).length,
  })).filter(({ sum }) => sum > 0);
  return {
    TableName,
    Key: keyOf(digest),
    UpdateExpression:
      'SET unreadOf = :user, createdOn = if_not_exists(createdOn, :at), link = :link, expiresAt = :end ' +
      `REMOVE isHidden, readOn ADD ${sums.map(({ outcome }) => `${outcome} :${outcome}`).join(', ')}`,
    ExpressionAttributeValues: {
      ':user': digest.userId,
      ':at': digest.createdOn,
      ':link': digest.link,
      ':end': expiresAt,
      ...Object.fromEntries(sums.map(({ outcome, sum }) => [`:${outcome}`, sum])),
    },
  };
}
