/** What one of anything may be at most. Sources: DESIGN of the network ("Publishing"), unless a line says otherwise. */
export const limits = {
  topicCharacters: 64,
  nameCharacters: 64,
  authorCodePoints: 128,
  titleCodePoints: 300,
  bodyBytes: 256 * 1024,
  mediaTypeCharacters: 64,
  keyCharacters: 128,
  topicsInFilter: 32,
  originsInFilter: 256,
  /** A page of them fits into one answer; each is a look at an index. */
  idsInFilter: 100,
  textCharacters: 256,
  /** How far ahead of our clock an article may be dated. */
  aheadMs: 10 * 60_000,
  queryLimit: 500,
  queryDefault: 50,
  fanOut: 64,
  fanOutDefault: 16,
  /** One stream message carries at most this much, or one article. */
  frameBytes: 64 * 1024,
  /** And at most so many entries, on a live stream. */
  frameEntries: 64,
  /** What a page holds at most; a longer answer goes on on the next page. */
  pageBytes: 4 * 1024 * 1024,
  /**
   * Links that a community makes to others; any number may link to it. Whoever claims more in a row makes them up: each costs all
   * who ask a row of their report (5,000 invented ones were 3 times the processor time of a query, and 267 MiB of 200 of them).
   */
  links: 1000,
  /** Hints in an Ask; more only cost calls, never answers. */
  visitedHints: 512,
  /** Largest message a server reads: a body, its envelope, and room to spare. */
  messageBytes: 1024 * 1024,
} as const;
