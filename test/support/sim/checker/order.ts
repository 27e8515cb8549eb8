import * as z from 'zod';
import type { Run } from '../happening.ts';

const Order = z.object({ manner: z.string(), steps: z.number(), isBulk: z.boolean() });

/** What a run was ordered to do; nothing if it does not know. */
export const orderOf = ({ input }: Run): z.infer<typeof Order> | undefined => Order.safeParse(input).data;
