/** Times and sizes of a search. Sources: DESIGN of the network ("The query"), unless a line says otherwise. */
export const bounds = {
  /** A server that waits says so this often. */
  progressMs: 250,
  /** A branch that sends nothing for so long, while it is pulled, is over; its first word may take longer: `firstWordMs`. */
  silenceMs: 1000,
  /** A peer that is late by so much is slow, not dead (RELIABILITY of the network, "peer down, slow, cut off"). */
  slowMs: 3000,
  /**
   * Who says for so long that it works, and brings nothing, is not waiting for others: a server sends its own row as soon as it
   * has looked into its store.
   */
  idleMs: 1000,
  /** So long nobody waits for a first word. */
  firstWordMs: 4000,
  /** Each hop stops exploring so much before the one that asked it, to send on what it has. */
  hopMs: 20,
  /** What is kept of the time of an answer to bring home what was explored. */
  graceMs: 100,
  /** An eighth of the whole time, but no more than this: all who wait for the same silent peer come home at once. */
  homeMs: 600,
  /** Longer than anyone waits for a page; whatever a caller says. */
  budgetMs: 60_000,
  /** A head that is so old must be behind every answer of its server: as long as a missing entry is looked for. */
  headMs: 5_000,
  rounds: 4,
  /** Of the time that is left, for each round but the last. */
  roundShare: 0.875,
  /** Rows that one branch of one query may bring; a liar's stream ends here. */
  rows: 100_000,
  /**
   * A link accounts for so many rows, of whoever names it: the answer of the server at its end, one that it failed, and each of
   * them once more when another way has brought another word.
   */
  rowsPerLink: 4,
  /** Rows of a branch that no link accounts for: of some, whoever named their servers could not answer. */
  unaccountedRows: 250,
  /** How many of these a server passes on, of all its branches: fewer than ends a branch, so that nobody is blamed for others. */
  unaccountedPassedOn: 125,
  /** Frames of a branch that bring nothing: so many, and twice the words of progress that are due in the time it has taken. */
  emptyFrames: 50,
  /** Servers that one server claims and nobody has heard of: so many are named in a report, of the others how many they are. */
  unheardRows: 100,
  /** Links that the rows of one branch may name together: ten a row, of `limits.links` that each may name. */
  linksInBranch: 1_000_000,
  /**
   * What an Ask of a later round names at most; less only costs calls. Each name goes over every link again: among 2,000
   * servers, all that had answered were 0.8 GB of names, and to search them once more is 25 MB (`npm run simulate`).
   */
  have: 256,
  avoid: 256,
  /** Queries whose marks are kept, and for how long: longer than any Ask may take. */
  marks: 100_000,
  markMs: 150_000,
} as const;

/**
 * How long the first word of a peer may take. Nothing tells one that is slow to be reached from one that is frozen, so it
 * gets most of the time: the rest is for another round, without it.
 */
export function firstWordMs(budgetMs: number): number {
  return Math.max(bounds.silenceMs, Math.min(bounds.firstWordMs, budgetMs * 0.95));
}

/** How long an Ask may take from when it is sent: exploring shrinks with each hop, what was found still has to come home. */
export function longestMs(request: { readonly budgetMs: number; readonly hop: number }): number {
  return request.budgetMs + bounds.graceMs + request.hop * bounds.hopMs;
}
