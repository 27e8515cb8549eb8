/**
 * List prices of us-east-1 in dollars, collected on 2026-11-21. Those marked "unchecked" are from memory or second hand:
 * look them up before money depends on them.
 */
export const PRICES = {
  /** For a million. https://airbyte.com/data-engineering-resources/dynamodb-pricing, after AWS's cut of November 2024 */
  writeUnits: 0.625,
  readUnits: 0.125,
  /** Unchecked. Point-in-time recovery is on for our tables. */
  tableGbMonth: 0.25,
  recoveryGbMonth: 0.2,
  /** For a million; an empty receive counts. https://cloudburn.io/blog/amazon-sqs-pricing */
  fifoRequests: 0.5,
  /** For a million, HTTP API. https://aws.amazon.com/api-gateway/pricing/ as of 2026-09-20 */
  httpRequests: 1,
  /** For a million. https://aws.amazon.com/lambda/pricing/ as of 2026-09-20 */
  invocations: 0.2,
  /** arm64; unchecked. */
  gbSecond: 0.000_013_333_4,
  /** EventBridge, events of one's own, for a million; unchecked. */
  events: 1,
  /** CloudWatch, what comes in; unchecked. */
  logGb: 0.5,
  /** X-Ray, for a million; Lambda traces one request in twenty; unchecked. */
  traces: 5,
  /** For a million: a PUT costs more than ten GETs. Unchecked. */
  s3Puts: 5,
  s3Gets: 0.4,
  /** Lambda durable functions. https://aws.amazon.com/lambda/pricing/ as of 2026-09-20; for a million, and for what is written */
  durableOperations: 8,
  durableGbWritten: 0.25,
  /** For a million state transitions. https://aws.amazon.com/step-functions/pricing/ */
  standardTransitions: 25,
  /** For a million workflows of the express kind, and their memory while they run; unchecked. */
  expressWorkflows: 1,
  expressGbSecond: 0.000_016_67,
} as const;
