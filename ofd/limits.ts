/** What a file may cost at most. Each limit stops a hostile file that was seen, long before memory or patience end. */
export interface OfdLimits {
  /** Entries of a package, folders included. */
  readonly entries: number;
  /** Bytes of one entry, unpacked. */
  readonly entryBytes: number;
  /** Bytes of all entries, unpacked. */
  readonly packageBytes: number;
  readonly xmlDepth: number;
  /** Elements of one XML entry. */
  readonly xmlElements: number;
  /** Graphic objects painted for one page, those of composites and patterns counted each time. */
  readonly objects: number;
  /** Blocks, composites and patterns inside one another. */
  readonly depth: number;
  /** Pixels of one picture. */
  readonly imagePixels: number;
  /** Glyphs of one text object. */
  readonly glyphs: number;
}

/** The usual limits. */
export const usualLimits: OfdLimits = {
  entries: 20_000,
  entryBytes: 128 * 1024 * 1024,
  packageBytes: 512 * 1024 * 1024,
  xmlDepth: 200,
  xmlElements: 2_000_000,
  objects: 300_000,
  depth: 60,
  imagePixels: 40_000_000,
  glyphs: 100_000,
};
