import * as z from 'zod';
import { parseJson } from '../job/json.ts';
import { MISSED, OVERLAPS, type Series } from '../service/series/series.ts';

/** All series lie in one partition of the index `all`: few are made in a second, and only then it is written. */
export const KIND = 'series';

const Order = z.object({
  operation: z.string(),
  input: z.json(),
  name: z.string().optional(),
  description: z.string().optional(),
  dependencyToken: z.string().optional(),
  maxRetries: z.number().optional(),
});
const Recurs = z.object({
  pattern: z.string(),
  startTime: z.string(),
  timeZone: z.string().optional(),
  missed: z.enum(MISSED),
  overlap: z.enum(OVERLAPS),
});
const SeriesItem = z.object({
  seriesId: z.string(),
  version: z.number(),
  sequence: z.number(),
  createdOn: z.string(),
  createdBy: z.string(),
  ownerId: z.string(),
  modifiedOn: z.string(),
  modifiedBy: z.string(),
  requestHash: z.string().exactOptional(),
  // As text: items nest less deeply than inputs may.
  order: z
    .string()
    .transform((text): unknown => parseJson(text))
    .pipe(Order),
  recurrence: Recurs,
  isPaused: z.literal(true).exactOptional(),
  left: z.number().exactOptional(),
  nextAt: z.string().exactOptional(),
  nextJobId: z.string().exactOptional(),
  lastJobId: z.string().exactOptional(),
  endedOn: z.string().exactOptional(),
});

export const seriesOf = (item: unknown): Series => SeriesItem.parse(item);

export const seriesItem = ({ order, ...series }: Series): Record<string, unknown> => ({
  ...series,
  order: JSON.stringify(order),
  kind: KIND,
});
