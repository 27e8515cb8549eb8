import * as z from 'zod';

/** Every environment variable that a function may read, in the groups in which functions take them. */
export const JobEnvironment = {
  JOBS_TABLE: z.string().min(1),
  CHAINS_TABLE: z.string().min(1),
  JOB_DETAILS_TABLE: z.string().min(1),
  BUCKET: z.string().min(1),
  INDEX_SHARDS: z.coerce.number().int().min(1).max(256),
};
export const AssetEnvironment = { ASSETS_TABLE: z.string().min(1) };
export const SettingsEnvironment = { SETTINGS_TABLE: z.string().min(1) };
export const SeriesEnvironment = { SERIES_TABLE: z.string().min(1) };
export const NotificationEnvironment = { NOTIFICATIONS_TABLE: z.string().min(1) };
/** Who sends mails; empty: there are none. */
export const MailEnvironment = {
  MAIL_FROM: z.string().transform((sender) => (sender === '' ? undefined : sender)),
};
/** The function that sends again what could not be sent. */
export const ResendEnvironment = { FOLLOW_STREAM: z.string().min(1) };
export const LaneEnvironment = { STANDARD_QUEUE_URL: z.url(), BULK_QUEUE_URL: z.url() };
export const TimerEnvironment = { TIMER_QUEUE_URL: z.url() };
/** Jobs with all that belongs to them, and what is rung for them. */
export const QueueEnvironment = { ...JobEnvironment, ...LaneEnvironment, ...TimerEnvironment };
/** All that orders and operations may be about. */
export const WorkEnvironment = {
  ...QueueEnvironment,
  ...AssetEnvironment,
  ...SettingsEnvironment,
  ...SeriesEnvironment,
};
/** What admins change beside the tables, and what the deployment says of it. */
export const ControlEnvironment = {
  PURGE_SCHEDULE_GROUP: z.string().min(1),
  PURGE_SCHEDULE_NAME: z.string().min(1),
  PURGE_SCHEDULE: z.string().min(1),
  TIME_ZONE: z.string().min(1),
  STANDARD_MAPPING: z.string().min(1),
  BULK_MAPPING: z.string().min(1),
  STANDARD_CONCURRENCY: z.coerce.number().int().min(2),
  BULK_CONCURRENCY: z.coerce.number().int().min(2),
};

/** Functions that jobs may call, by name, separated by commas; none if it is empty. */
export const FunctionEnvironment = {
  FUNCTIONS: z.string().transform((list) => list.split(',').filter((name) => name !== '')),
};

/** Reads the configuration once, at cold start, and reports all that is wrong with it together. */
export function readEnvironment<S extends z.ZodRawShape>(shape: S): z.output<z.ZodObject<S>> {
  const checked = z.object(shape).safeParse(process.env);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The function's environment is not usable. ${problems.join('; ')}`);
}

/** What was read of these groups. */
export type Read<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>;

export const jobTablesOf = (from: Read<typeof JobEnvironment>) => ({
  jobsTable: from.JOBS_TABLE,
  chainsTable: from.CHAINS_TABLE,
  jobDetailsTable: from.JOB_DETAILS_TABLE,
  shards: from.INDEX_SHARDS,
});

export const laneQueuesOf = (from: Read<typeof LaneEnvironment>) => ({
  standard: from.STANDARD_QUEUE_URL,
  bulk: from.BULK_QUEUE_URL,
});

export const controlNamesOf = (from: Read<typeof ControlEnvironment>) => ({
  purgeSchedule: { group: from.PURGE_SCHEDULE_GROUP, name: from.PURGE_SCHEDULE_NAME },
  mappings: { standard: from.STANDARD_MAPPING, bulk: from.BULK_MAPPING },
});

export const deployedOf = (from: Read<typeof ControlEnvironment>) => ({
  purge: { expression: from.PURGE_SCHEDULE, timeZone: from.TIME_ZONE },
  concurrency: { standard: from.STANDARD_CONCURRENCY, bulk: from.BULK_CONCURRENCY },
});
