import * as z from 'zod';
import { type Caller, requireRole } from '../service/caller.ts';
import { eachOf } from '../service/each-of.ts';
import { Conflict, type Fault, InvalidInput } from '../service/errors.ts';
import type { Clock } from '../service/ports.ts';
import type { Entry } from './asset.ts';
import { AssetPath, foldersAbove } from './path.ts';
import type { AnnouncedFile, AssetStore, Blobs, UploadTicket } from './ports.ts';

/** One PUT to S3 takes 5 GiB at most. */
const MAX_FILE_BYTES = 5 * 1024 ** 3;

/** The body of `POST /assets/uploads`. */
export const Uploads = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: AssetPath,
        size: z.number().int().min(0).max(MAX_FILE_BYTES),
        mediaType: z
          .string()
          .max(255)
          .regex(
            /^[\w.+-]+\/[\w.+-]+( *; *[\w.+-]+=("[^"\\\r\n]*"|[\w.+-]+))*$/,
            'Must be a media type such as image/png.',
          )
          .optional(),
      }),
    )
    .min(1)
    .max(1_000),
});

export interface AnnouncingDeps {
  readonly assets: AssetStore;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Requests to one table at a time from one request of a client. */
const AT_ONCE = 32;

/**
 * Makes a row per file, marked `uploading`, and gives a presigned PUT for each, in the order asked for.
 * Repeating it is safe. Refused as a whole, with every fault, where a path is taken by the other kind.
 */
export async function announceUploads(
  files: readonly AnnouncedFile[],
  caller: Caller,
  deps: AnnouncingDeps,
): Promise<(UploadTicket & { path: string })[]> {
  requireRole(caller, 'operator');
  refuseClashesWithin(files);
  const there = await deps.assets.entriesAt([
    ...new Set(files.flatMap(({ path }) => [path, ...foldersAbove(path)])),
  ]);
  refuseClashesWithOthers(files, there);
  const at = new Date(deps.clock()).toISOString();
  const folders = new Set(files.flatMap((file) => foldersAbove(file.path)));
  await deps.assets.makeFolders(
    [...folders].filter((path) => !there.has(path)),
    caller.id,
    at,
  );
  return eachOf(files, AT_ONCE, async (file) => {
    const ids = { newAssetId: deps.newId(), uploadId: deps.newId() };
    const asset = await deps.assets.announce({ ...file, ...ids, at, by: caller.id });
    return { path: file.path, ...(await deps.blobs.ticketFor(asset, file)) };
  });
}

function refuseClashesWithin(files: readonly AnnouncedFile[]): void {
  const folders = new Set(files.flatMap((file) => foldersAbove(file.path)));
  const seen = new Set<string>();
  const faults: Fault[] = [];
  for (const [index, { path }] of files.entries()) {
    const pointer = `/files/${index}/path`;
    if (seen.has(path)) faults.push({ pointer, detail: 'This path occurs twice in the request.' });
    if (folders.has(path))
      faults.push({ pointer, detail: 'Another file of the request lies under this path.' });
    seen.add(path);
  }
  if (faults.length > 0) throw new InvalidInput(faults);
}

function refuseClashesWithOthers(files: readonly AnnouncedFile[], taken: ReadonlyMap<string, Entry>): void {
  const faults = files.flatMap(({ path }, index): Fault[] => {
    const pointer = `/files/${index}/path`;
    const blocked = foldersAbove(path).find((folder) => taken.get(folder)?.kind === 'asset');
    if (blocked !== undefined)
      return [{ pointer, detail: `${blocked} is an asset, so nothing can lie under it.` }];
    return taken.get(path)?.kind === 'folder' ? [{ pointer, detail: 'There is a folder at this path.' }] : [];
  });
  if (faults.length > 0) throw new Conflict('Some paths are taken by something of another kind.', faults);
}
