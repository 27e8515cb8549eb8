/** Something a person can put right (a port in use, a broken folder, an unknown resource type): shown as it is, exit 1. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}

/** Several faults are told at once, so that nobody has to start ten times to see ten of them. */
export class FaultyTemplate extends CannotStart {
  override name = 'FaultyTemplate';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `the synthesised template cannot be run here:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.faults = faults;
  }
}
