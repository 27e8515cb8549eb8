import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Resource } from '../template/resources.ts';

type LambdaResource = Resource<'AWS::Lambda::Function'>;

/**
 * "Uploads" the bundles: copies them into the data folder, as a deployment would, so that a later synthesis cannot take the code
 * away from under a running service. Answers where the code of each function lies.
 */
export function uploadCode(
  functions: readonly LambdaResource[],
  folder: string,
): (fn: LambdaResource) => string {
  const sources = new Map(functions.map((fn) => [fn, fn.stack.assetFolder(fn.properties.Code.S3Key)]));
  const wanted = new Set([...sources.values()].map((source) => basename(source)));
  for (const name of readdirSync(folder))
    if (!wanted.has(name)) rmSync(join(folder, name), { recursive: true });
  for (const source of sources.values()) copyOnce(source, join(folder, basename(source)));
  return (fn) => join(folder, basename(sources.get(fn) ?? ''));
}

/** An asset's name is the hash of its content: what is there need not be copied again. */
function copyOnce(source: string, target: string): void {
  if (existsSync(target)) return;
  cpSync(source, `${target}.part`, { recursive: true });
  renameSync(`${target}.part`, target);
}
