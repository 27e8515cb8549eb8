import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

/** Jest transform: Node's own type stripping, so tests run the very text that Node runs, columns kept. */
const strip = (source: string) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) });

export default {
  process: strip,
  processAsync: async (source: string) => strip(source),
  getCacheKey: (source: string, path: string) =>
    createHash('sha1').update(`${process.version}\0${path}\0${source}`).digest('hex'),
};
