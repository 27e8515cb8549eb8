/** Values that survive JSON unchanged: inputs, results and cursors. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** For texts that our own `JSON.stringify` wrote; what comes from outside is parsed with a schema. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON
export const parseJson = (text: string): Json => JSON.parse(text) as Json;
