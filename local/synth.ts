import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { CannotStart } from './cannot-start.ts';
import { errorCode } from './error-code.ts';
import { describeGrants } from './iam/grants-table.ts';
import { describeTypes } from './template/types-table.ts';

export const projectRoot = join(import.meta.dirname, '..');

/** What a synthesis is made of. A change in any of it makes a new one necessary. */
const sources = ['cdk', 'functions', 'shared', 'package-lock.json', 'cdk.json', 'tsconfig.json'];
const hashFile = '.source-hash';

export interface Synthesis {
  readonly assembly: string;
  readonly isNew: boolean;
  readonly durationMs: number;
}

export interface SynthesisOptions {
  readonly root?: string;
  /** Called before the work of some seconds begins; not when the template is up to date. */
  readonly onStale?: () => void;
}

/** Synthesises the CDK app for the stage `local`, offline, unless the sources are those of the last time. */
export async function synthesise({ root = projectRoot, onStale }: SynthesisOptions = {}): Promise<Synthesis> {
  const startedAt = performance.now();
  const assembly = join(root, 'cdk.out');
  const context = localContext(root);
  const hash = hashSources(root, context);
  const isNew = recordedHash(assembly) !== hash;
  if (isNew) onStale?.();
  if (isNew) await synthesiseAnew(root, { assembly, context, hash });
  return { assembly, isNew, durationMs: Math.round(performance.now() - startedAt) };
}

/** One line for people. */
export function describeSynthesis({ isNew, durationMs }: Synthesis): string {
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  return isNew
    ? `Synthesised the template in ${seconds}.`
    : `The template is up to date (checked in ${seconds}).`;
}

function localContext(root: string): string {
  const cdkJson = z.looseObject({ context: z.record(z.string(), z.unknown()).default({}) });
  const { context } = cdkJson.parse(JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')));
  return JSON.stringify({ ...context, stage: 'local', cores: availableParallelism() });
}

/** A hash over the names and contents of all source files, and the context. */
export function hashSources(root: string, context: string): string {
  const hash = createHash('sha256').update(context);
  for (const file of sources.flatMap((source) => filesOf(root, source))) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function filesOf(root: string, source: string): string[] {
  const path = join(root, source);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [source];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).toSorted();
  return names.map((name) => join(source, name)).filter((file) => statSync(join(root, file)).isFile());
}

function recordedHash(assembly: string): string | undefined {
  try {
    return readFileSync(join(assembly, hashFile), 'utf8');
  } catch {
    return undefined;
  }
}

interface Task {
  readonly assembly: string;
  readonly context: string;
  readonly hash: string;
}

/** Works beside the old output and moves the new one into its place: nobody ever meets half of it. */
async function synthesiseAnew(root: string, { assembly, context, hash }: Task): Promise<void> {
  removeAbandoned(root);
  const workplace = join(root, `.cdk.out-${process.pid}-${randomUUID().slice(0, 8)}`);
  const fresh = join(workplace, 'cdk.out');
  try {
    mkdirSync(workplace);
    await runApp(root, { CDK_OUTDIR: fresh, CDK_CONTEXT_JSON: context });
    writeFileSync(join(fresh, hashFile), hash);
    replace(assembly, fresh, join(workplace, 'old'));
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
}

async function runApp(root: string, environment: Record<string, string>): Promise<void> {
  const app = spawn(process.execPath, ['cdk/app.ts'], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  app.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exitCode = await new Promise((resolve, reject) => app.once('error', reject).once('close', resolve));
  if (exitCode !== 0)
    throw new CannotStart(`the CDK app could not be synthesised (exit code ${String(exitCode)}):\n${errors}`);
}

/** A folder cannot replace another one in one step: the old one moves aside first. Somebody else may be doing the same. */
function replace(target: string, fresh: string, aside: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(target)) renameSync(target, `${aside}-${attempt}`);
      return renameSync(fresh, target);
    } catch (error) {
      const isRace = ['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '');
      if (!isRace || attempt === 10) throw error;
    }
  }
}

/** Workplaces of syntheses that were killed. */
function removeAbandoned(root: string): void {
  for (const name of readdirSync(root)) {
    const pid = /^\.cdk\.out-(\d+)-/.exec(name)?.[1];
    if (pid && !existsProcess(Number(pid))) rmSync(join(root, name), { recursive: true, force: true });
  }
}

function existsProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

if (import.meta.main) {
  try {
    const options = { grants: { type: 'boolean' }, types: { type: 'boolean' } } as const;
    const { grants, types } = parseArgs({ options }).values;
    const synthesis = await synthesise();
    if (types) console.log(describeTypes(synthesis.assembly));
    else console.log(grants ? describeGrants(synthesis.assembly) : describeSynthesis(synthesis));
  } catch (error) {
    console.error(error instanceof CannotStart ? error.message : error);
    process.exitCode = 1;
  }
}
