/** Of anything that was thrown. Not by `instanceof`: errors of a worker come from another realm. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}
