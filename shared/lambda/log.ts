import { Logger } from '@aws-lambda-powertools/logger';
import type { Json } from '../job/json.ts';
import type { LogLevel } from '../job/log-entry.ts';

/** Structured JSON lines for CloudWatch. */
export const logger = new Logger({ serviceName: 'longhaul' });

export const log = (text: string, facts: Record<string, Json> = {}, level: LogLevel = 'info'): void =>
  logger[level](text, facts);
export const logBug = (text: string, error: unknown): void =>
  logger.error(text, error instanceof Error ? error : new Error(String(error)));
