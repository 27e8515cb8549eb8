/** What jest tells its reporters, as far as it is counted here. */
interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly testExecError?: unknown }[];
}

/** Jest reporter: closes a run with the one line that machines read. */
export default class CountReporter {
  onRunComplete(_contexts: unknown, results: Results): void {
    const brokenFiles = results.testResults.filter((file) => file.testExecError !== undefined).length;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${results.numFailedTests + brokenFiles} failed`;
    process.stdout.write(`\n${line}${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }
}
