/** Where each service answers, by the name that signatures give it. All on the loopback interface. */
export interface ServiceEndpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly sns: string;
  readonly s3: string;
  readonly scheduler: string;
  readonly lambda: string;
  readonly ses: string;
  readonly events: string;
}

/** The environment by which the SDK finds them. */
export const endpointEnvironment = (endpoints: ServiceEndpoints) => ({
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_SQS: endpoints.sqs,
  AWS_ENDPOINT_URL_SNS: endpoints.sns,
  AWS_ENDPOINT_URL_S3: endpoints.s3,
  AWS_ENDPOINT_URL_SCHEDULER: endpoints.scheduler,
  AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
  AWS_ENDPOINT_URL_SESV2: endpoints.ses,
  AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.events,
});
