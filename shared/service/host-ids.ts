/** Names for claims: which instance made it, and how many it had made before. Never the same twice. */
export function hostIds(instance: string): () => string {
  let claims = 0;
  return () => `${instance}-${++claims}`;
}
