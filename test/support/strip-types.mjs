import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

/** Jest transform: Node's own type stripping, so tests run the very text that Node runs, columns kept. */
const strip = (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) });

export default {
  process: strip,
  processAsync: async (source) => strip(source),
  getCacheKey: (source, path) =>
    createHash('sha1').update(`${process.version}\0${path}\0${source}`).digest('hex'),
};
