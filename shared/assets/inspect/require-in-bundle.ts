import { createRequire } from 'node:module';

/**
 * Bundled as an ES module, the CommonJS package `debug` (of file-type's unzipper) still calls `require('tty')`, and
 * there is none. This must be imported before everything else.
 */
globalThis.require ??= createRequire(import.meta.url);
