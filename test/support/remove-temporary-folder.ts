import { rmSync } from 'node:fs';

/** After all tests; not while they are being watched, for they go on. */
export default function removeTemporaryFolder({
  watch,
  watchAll,
}: {
  watch: boolean;
  watchAll: boolean;
}): void {
  const folder = process.env['TMPDIR'];
  if (folder?.includes('longhaul-tests-') && !watch && !watchAll)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
