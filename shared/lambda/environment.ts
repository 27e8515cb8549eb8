import * as z from 'zod';

/** Every environment variable that a function may read; each function takes the ones it uses. */
export const Environment = {
  JOBS_TABLE: z.string().min(1),
  JOB_DETAILS_TABLE: z.string().min(1),
  ASSETS_TABLE: z.string().min(1),
  BUCKET: z.string().min(1),
  BULK_QUEUE_URL: z.url(),
  INDEX_SHARDS: z.coerce.number().int().min(1).max(256),
};

/** Reads the configuration once, at cold start, and reports all that is wrong with it together. */
export function readEnvironment<S extends z.ZodRawShape>(shape: S): z.output<z.ZodObject<S>> {
  const checked = z.object(shape).safeParse(process.env);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The function's environment is not usable. ${problems.join('; ')}`);
}
