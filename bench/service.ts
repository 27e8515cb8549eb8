import * as z from 'zod';
import type { Contender, Order } from './contender.ts';
import type { Ready } from './hosted-service.ts';

const Created = z.object({ jobId: z.string() });
const Batch = z.object({ items: z.array(z.object({ job: Created })) });

/** `POST /jobs/batch` takes as many. */
const PER_BATCH = 1_000;

const bodyOf = ({ token }: Order) => ({
  operation: 'diagnose',
  input: {},
  ...(token !== undefined && { dependencyToken: token }),
});

/** The whole service, by its HTTP API. */
export function serviceContender({ url, token }: Ready): Contender {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    name: 'service',
    table: 'longhaul-local-jobs',
    create: async (order) => Created.parse(await post('/jobs', bodyOf(order))).jobId,
    async createAll(orders) {
      const ids: string[] = [];
      for (let from = 0; from < orders.length; from += PER_BATCH) {
        const jobs = orders.slice(from, from + PER_BATCH).map(bodyOf);
        const { items } = Batch.parse(await post('/jobs/batch', { jobs }));
        ids.push(...items.map(({ job }) => job.jobId));
      }
      return ids;
    },
    begin: () => undefined, // its consumers always run
    end: async () => undefined,
  };
}
