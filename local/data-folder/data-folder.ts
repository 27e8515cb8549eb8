import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CannotStart } from '../cannot-start.ts';
import { runningService } from './running-service.ts';

/** Everything that is kept between two starts lies in one folder, marked as ours. */
export interface DataFolder {
  readonly path: string;
  /** A folder inside it, made when it is not there. */
  folder(name: string): string;
  file(name: string): string;
  release(): void;
}

const marker = '.longhaul-data';

export function dataFolderPath(root: string): string {
  return resolve(root, process.env['LONGHAUL_DATA'] ?? '.longhaul');
}

/** Takes the folder for this process alone; refuses one that is in use, that is not ours, or that cannot be written. */
export function takeDataFolder(path: string): DataFolder {
  prepareDataFolder(path);
  const lock = takeLock(path);
  return {
    path,
    folder: (name) => {
      mkdirSync(join(path, name), { recursive: true });
      return join(path, name);
    },
    file: (name) => join(path, name),
    release: () => lock.close(),
  };
}

/** Makes the folder, with its marker; does not take it. */
export function prepareDataFolder(path: string): void {
  refuseStrangers(path);
  try {
    mkdirSync(path, { recursive: true });
    writeFileSync(
      join(path, marker),
      'Longhaul keeps its local data here. `npm start -- --fresh` removes this folder.\n',
    );
  } catch (cause) {
    throw new CannotStart(`the data folder ${path} cannot be written: ${reason(cause)}`, { cause });
  }
}

/** Removes the folder with all that is in it, if it is ours and nobody uses it. */
export function forgetDataFolder(path: string): void {
  if (!existsSync(path)) return;
  takeDataFolder(path).release();
  rmSync(path, { recursive: true, force: true });
}

function refuseStrangers(path: string): void {
  if (!existsSync(path) || existsSync(join(path, marker))) return;
  if (entries(path).length > 0) {
    throw new CannotStart(
      `${path} is not empty and was not made by Longhaul; set LONGHAUL_DATA to another folder`,
    );
  }
}

function entries(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (cause) {
    throw new CannotStart(`the data folder ${path} cannot be read: ${reason(cause)}`, { cause });
  }
}

/** SQLite's lock belongs to the process: the operating system drops it even after a SIGKILL, so it is never stale. */
function takeLock(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(join(path, 'lock.sqlite'));
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    if (!reason(cause).includes('locked'))
      throw new CannotStart(`${path}/lock.sqlite is broken: ${reason(cause)}`, { cause });
    const running = runningService(path);
    const user = running
      ? `Longhaul already runs at ${running.url} (process ${running.pid})`
      : 'another Longhaul is just starting';
    throw new CannotStart(`${user} and uses the data folder ${path}`, { cause });
  }
}

const reason = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
