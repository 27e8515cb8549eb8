import type { KnownMutation } from '../mutation.ts';
import { CALLBACK_MUTATIONS } from './callbacks.ts';
import { FENCE_MUTATIONS } from './fences.ts';
import { LINE_MUTATIONS } from './lines.ts';
import { RING_MUTATIONS } from './rings.ts';
import { SERIES_MUTATIONS } from './series.ts';

/** Faults that were put into the engine on purpose: a simulator that does not find them proves nothing. */
export const MUTATIONS: readonly KnownMutation[] = [
  ...FENCE_MUTATIONS,
  ...LINE_MUTATIONS,
  ...RING_MUTATIONS,
  ...CALLBACK_MUTATIONS,
  ...SERIES_MUTATIONS,
];
