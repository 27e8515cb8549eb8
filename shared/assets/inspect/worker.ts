// oxlint-disable-next-line import/no-unassigned-import -- it works by being imported, before the others
import './require-in-bundle.ts';
import { parentPort } from 'node:worker_threads';
import { inspectFile } from './inspect-file.ts';
import { type InspectionRequest, ready } from './worker-protocol.ts';

/** The script of the worker thread: it says that it is ready, then answers each file with its inspection. */
const port = parentPort;
if (port === null) throw new Error('This script is started by Inspector, as a worker thread.');

port.on('message', ({ name, bytes }: InspectionRequest) => {
  void inspectFile(name, bytes).then((inspection) => port.postMessage(inspection));
});
port.postMessage(ready);
