import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MEASURE_EVERY_MS = 1_000;

/** MB: how much more than now this process ever needs, its buffers and the emulated S3 included, without what is garbage. */
export function watchMemory(): { grown: () => number } {
  setFlagsFromString('--expose-gc');
  const before = used();
  let most = before;
  setInterval(() => {
    most = Math.max(most, used());
  }, MEASURE_EVERY_MS).unref();
  return { grown: () => Math.round((most - before) / 1024 / 1024) };
}

function used(): number {
  runInNewContext('gc()');
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
