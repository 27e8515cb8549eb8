import { type ChildProcess, spawn } from 'node:child_process';
import { type StartedProcess, startedProcess } from './started-process.ts';

export interface Child extends StartedProcess {
  readonly what: string;
}

interface ChildrenEvents {
  readonly onChange: (children: readonly Child[]) => void;
  readonly onGuardianLost: () => void;
}

/**
 * The processes that must not outlive the service: told to the guardian, and to whoever keeps a list for the next start (in
 * case that the guardian was killed as well). They have to be spawned with `detached`, which makes each the leader of a group
 * of its own, so that a Ctrl-C in the terminal reaches only the service and a kill reaches all that they started.
 */
export class Children {
  readonly #guardian: ChildProcess;
  readonly #children = new Map<number, Child>();
  readonly #onChange: (children: readonly Child[]) => void;
  #closing = false;

  /** `guardian` is the program of the guardian. */
  constructor(guardian: string, { onChange, onGuardianLost }: ChildrenEvents) {
    this.#onChange = onChange;
    this.#guardian = spawn(process.execPath, [guardian], {
      stdio: ['pipe', 'ignore', 'inherit'],
      detached: true,
    });
    this.#guardian.unref();
    // Its end shows as a broken pipe, too; `exit` says it once.
    this.#guardian.stdin?.on('error', () => {});
    const lost = () => {
      if (!this.#closing) onGuardianLost();
    };
    this.#guardian.once('exit', lost).once('error', lost);
  }

  /** Call it right after the spawn. A child that is already gone is not worth watching. */
  add(child: ChildProcess, what: string): void {
    const started = child.pid === undefined ? undefined : startedProcess(child.pid);
    if (!started) return;
    this.#children.set(started.pid, { ...started, what });
    this.#tell(`+ ${started.pid} ${started.startTime}`);
    this.#onChange([...this.#children.values()]);
    child.once('exit', () => this.#forget(started.pid));
  }

  /** Ends the guardian, and with it every child that is still there. */
  close(): Promise<void> {
    this.#closing = true;
    if (this.#guardian.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      // It was unref'd: without this the service would be over before it has tidied up.
      this.#guardian.ref();
      this.#guardian.once('exit', () => resolve());
      this.#guardian.stdin?.end();
    });
  }

  #forget(pid: number): void {
    this.#children.delete(pid);
    this.#tell(`- ${pid}`);
    this.#onChange([...this.#children.values()]);
  }

  #tell(line: string): void {
    if (this.#guardian.stdin?.writable) this.#guardian.stdin.write(`${line}\n`);
  }
}
