/** The code of an error of the operating system, like `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: where tests run, Node's own errors are of another realm.
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : undefined;
}
