/** A node, then what is inside it, and so on: without recursion, which a deep tree would break. */
export function* inDocumentOrder<Node>(root: Node, inside: (node: Node) => readonly Node[]): Generator<Node> {
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    // Not by `push(...)`: a million siblings are too many arguments.
    for (const child of inside(node).toReversed()) waiting.push(child);
  }
}
