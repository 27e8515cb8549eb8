import * as z from 'zod';
import { makeTables } from '../../shared/aws/clients.ts';

/** What DynamoDB bills: units of reads and writes, a refused condition as what it would have cost. */
export interface Units {
  reads: number;
  writes: number;
  /** The calls, in order, with what each cost. */
  readonly calls: string[];
}

const READS = new Set(['GetItemCommand', 'QueryCommand', 'BatchGetItemCommand']);

/** A client that counts what its calls consume, as DynamoDB answers it. */
export function countedTables(): { tables: ReturnType<typeof makeTables>; units: Units } {
  const tables = makeTables();
  const units: Units = { reads: 0, writes: 0, calls: [] };
  tables.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const name = commandName.replace('DocumentClient', '');
        try {
          const answer = await next(args);
          count(name, consumed(answer.output), units);
          return answer;
        } catch (error) {
          // The answer of a refusal tells no units; a row of ours is within 1 KB, so it costs one.
          if (error instanceof Error && error.name === 'ConditionalCheckFailedException')
            count(name, 1, units);
          throw error;
        }
      },
    { step: 'initialize', name: 'countUnits', priority: 'low' },
  );
  return { tables, units };
}

function count(command: string, sum: number, units: Units): void {
  const isRead = READS.has(command) || READS.has(command.replace('Command', 'ItemCommand'));
  units[isRead ? 'reads' : 'writes'] += sum;
  units.calls.push(`${command} ${sum}`);
}

const Consumed = z.object({ CapacityUnits: z.number().default(0) });
/** One for a call on one item, several for batches and transactions. */
const Answer = z.object({ ConsumedCapacity: z.union([Consumed, z.array(Consumed)]).default([]) });

function consumed(output: unknown): number {
  const { ConsumedCapacity } = Answer.parse(output);
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
}
