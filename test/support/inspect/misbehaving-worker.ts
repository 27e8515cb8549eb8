import { parentPort } from 'node:worker_threads';
import { inspectFile } from '../../../shared/assets/inspect/inspect-file.ts';
import { type InspectionRequest, ready } from '../../../shared/assets/inspect/worker-protocol.ts';

/** Stands for a parser that a hostile file has got hold of: what it does is the name of the file. */
const misdeeds: Record<string, () => void> = {
  loop: () => {
    for (;;);
  },
  hoard: () => {
    const hoard: number[][] = [];
    for (;;) hoard.push(Array.from({ length: 100_000 }, Math.random));
  },
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('a bug in the parser');
  },
  mumble: () => parentPort?.postMessage('something else', []),
};

parentPort?.on('message', ({ name, bytes }: InspectionRequest) => {
  const misdeed = misdeeds[name];
  if (misdeed) misdeed();
  else void inspectFile(name, bytes).then((inspection) => parentPort?.postMessage(inspection, []));
});
parentPort?.postMessage(ready, []);
