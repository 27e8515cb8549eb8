export const LANES = ['standard', 'bulk'] as const;
/** A queue and its consumer, with their own memory, time and concurrency. */
export type Lane = (typeof LANES)[number];
