import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type AuditEntry, entryIdOf } from '../job/audit-entry.ts';
import { detailsKey, type Incarnation } from '../job/details-key.ts';
import type { Audit, AuditRange } from '../service/audit.ts';
import { auditItem, entryOf, FIRST_ENTRY, NEWEST, partOf } from './audit-item.ts';

/** What was done to jobs, in the table `JobDetails`. */
export class DynamoAudit implements Audit {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(tables: DynamoDBDocumentClient, table: string) {
    this.#tables = tables;
    this.#table = table;
  }

  async add(job: Incarnation, entry: AuditEntry): Promise<void> {
    await this.#tables.send(new PutCommand({ TableName: this.#table, Item: auditItem(job, entry) }));
  }

  async latest(job: Incarnation, { before, limit }: AuditRange): Promise<AuditEntry[]> {
    const { Items = [] } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#table,
        // The upper end is one of the texts that are found: it is asked for one more, and left out.
        KeyConditionExpression: 'jobId = :job AND part BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':job': detailsKey(job),
          ':first': FIRST_ENTRY,
          ':last': before === undefined ? NEWEST : partOf(before),
        },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: limit + 1,
      }),
    );
    // By its facts: reruns were once written under a shorter name.
    return Items.map(entryOf)
      .filter((entry) => entryIdOf(entry) !== before)
      .slice(0, limit);
  }
}
