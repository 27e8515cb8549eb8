/** A finding of the AwsSolutions rules that stands, with the reason for which it may. */
export interface Acknowledgement {
  /** The rule with what it was found on. */
  readonly finding: RegExp;
  readonly reason: string;
}

export const ACKNOWLEDGED: readonly Acknowledgement[] = [
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    reason:
      'X-Ray has no resources to name: its two actions for sending traces can be granted on * only; so can dynamodb:ListStreams, without which Lambda follows no stream.',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::.*Bucket.*\/(?:assets|inputs|exports|job-details|asset-details)\/\*\]$/,
    reason: 'All objects under one prefix of our own bucket: their keys hold ids that are made at run time.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<Upkeep\w+Function\w+\.Arn>:\*\]$/,
    reason:
      'The library lets a schedule start its function and the versions of it: both are the one function.',
  },
  {
    finding: /^AwsSolutions-COG2$/,
    reason: 'A second factor is offered; whether people must have one is for the organisation to decide.',
  },
  {
    finding: /^AwsSolutions-COG8$/,
    reason:
      'Threat protection needs the plan Plus, which costs more per user and has no free ones: for the organisation to decide.',
  },
];
