import { Logger } from '@aws-lambda-powertools/logger';
import type { Json } from '../job/json.ts';

/** Structured JSON lines for CloudWatch. */
export const logger = new Logger({ serviceName: 'longhaul' });

export const log = (text: string, facts: Record<string, Json> = {}): void => logger.info(text, facts);
export const logBug = (text: string, error: unknown): void =>
  logger.error(text, error instanceof Error ? error : new Error(String(error)));
