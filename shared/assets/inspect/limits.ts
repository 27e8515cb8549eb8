const mebi = 1024 * 1024;

/** What one file may cost. Past a limit the file is recorded as failed, with the facts found so far. */
export const limits = {
  /** A file is recognised by this much of its beginning when the whole is too much. */
  headBytes: 64 * 1024,
  /**
   * XML is read as a stream. HTML becomes a tree: 8 MiB of an ordinary page need up to 512 MB. Markdown is read at
   * about 10 MB a second; what is dense enough to need much more memory or time exceeds the limits below.
   */
  parsedBytes: { xml: 16 * mebi, html: 8 * mebi, markdown: 8 * mebi },
  decodedBytes: 16 * mebi,
  /** Open elements, or Markdown containers, inside each other. Browsers stop at 512 as well. */
  depth: 512,
  /** Brackets of Markdown inside each other: looking for their ends may take this many times as long. */
  brackets: 100,
  /** Lines, blocks, or parts of one paragraph, of Markdown: each takes up to 300 bytes of memory. */
  markdownPieces: 500_000,
  /** Of Markdown, counted again for each quote around them: up to 60 bytes of memory each time. */
  quotedLines: 4_000_000,
  /** Characters that the entities declared in a file may grow to, one by one and all references together. */
  entityExpansion: 4 * mebi,
  /** One entity inside another, inside another … */
  entityDepth: 64,
  ids: 50_000,
  references: 50_000,
  idLength: 512,
  titleLength: 1000,
  targetLength: 2048,
  /** Of a `data:` target only the type is worth keeping. */
  dataTargetLength: 64,
} as const;
