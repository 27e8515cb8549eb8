import { createRequire } from 'node:module';

type NodeEnvironment = typeof import('jest-environment-node', { with: { 'resolution-mode': 'require' }});
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- require gives anything
const { TestEnvironment } = createRequire(import.meta.url)('jest-environment-node') as NodeEnvironment;

/** As jest-circus tells of a test or hook. */
interface TestEvent {
  readonly name: string;
  readonly test?: { mode?: string };
}

/** Once a test of a file has failed, the others are passed over: the mutant is dead. */
export default class UntilFirstFailure extends TestEnvironment {
  #hasFailed = false;

  handleTestEvent = ({ name, test }: TestEvent): void => {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.#hasFailed = true;
    if (name === 'test_start' && test !== undefined && this.#hasFailed) test.mode = 'skip';
  };
}
