import { createRequire } from 'node:module';
import type { Test, TestEvents, TestRunnerOptions, TestWatcher } from 'jest-runner';

/** As its types describe it; the class that an import gives has none. */
type JestRunner = typeof import('jest-runner', { with: { 'resolution-mode': 'require' }});
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- require gives anything
const { default: TestRunner } = createRequire(import.meta.url)('jest-runner') as JestRunner;

/** What earlier runs have told of a test file. The process, and so this memory, serves many mutants. */
interface Known {
  readonly titles: readonly string[];
  readonly ms: number;
  /** The run in which it last found a mutant. */
  readonly killedAt: number;
}

const known = new Map<string, Known>();
let runs = 0;

/**
 * Jest runner for mutants: Stryker's own runs every test file to its end, though one failure is enough. Whoever
 * found one of the last mutants goes first, for the next one lies a line further down; files without a test for
 * the mutated line are not even loaded; and after the first file that fails the mutant is dead.
 */
export default class KillersFirst extends TestRunner {
  override async runTests(
    tests: readonly Test[],
    watcher: TestWatcher,
    options: TestRunnerOptions,
  ): Promise<void> {
    runs += 1;
    let isDead = false;
    this.on('test-file-success', (event) => {
      remember(event);
      isDead ||= isMutant() && event[1].numFailingTests > 0;
    });
    this.on('test-file-failure', () => {
      isDead ||= isMutant();
    });
    for (const test of this.#inOrder(tests)) {
      await super.runTests([test], watcher, options);
      if (isDead) return;
    }
  }

  #inOrder(tests: readonly Test[]): Test[] {
    // oxlint-disable-next-line no-underscore-dangle -- jest's name for what its runners may read
    const wanted = new RegExp(this._globalConfig.testNamePattern ?? '', 'i');
    return tests
      .filter(({ path }) => known.get(path)?.titles.some((title) => wanted.test(title)) ?? true)
      .toSorted((a, b) => killedAt(b) - killedAt(a) || msOf(a) - msOf(b));
  }
}

const killedAt = ({ path }: Test): number => known.get(path)?.killedAt ?? 0;
const msOf = ({ path }: Test): number => known.get(path)?.ms ?? 0;

/** Stryker's first run is of the unharmed code, and must be whole. */
const isMutant = (): boolean => process.env['__STRYKER_ACTIVE_MUTANT__'] !== undefined;

function remember([{ path }, result]: TestEvents['test-file-success']): void {
  const before = known.get(path);
  const { testResults, perfStats, numFailingTests } = result;
  known.set(path, {
    titles: testResults.map(({ fullName }) => fullName),
    ms: Math.max(before?.ms ?? 0, perfStats.runtime),
    killedAt: numFailingTests > 0 ? runs : (before?.killedAt ?? 0),
  });
}
