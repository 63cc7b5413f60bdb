/** Times and sizes of a search. Sources: DESIGN of the network ("The query"), unless a line says otherwise. */
export const bounds = {
  /** A server that waits says so this often. */
  progressMs: 250,
  /** A branch that sends nothing for so long, while it is pulled, is over. */
  silenceMs: 1000,
  /** Each hop keeps so much of the time for itself, to send its rows on. */
  hopMs: 20,
  /** Longer than anyone waits for a page; whatever a caller says. */
  budgetMs: 60_000,
  rounds: 4,
  /** Rows that one branch of one query may bring; a liar's stream ends here. */
  rows: 100_000,
  linksInRow: 10_000,
  /** What an Ask carries of these at most, so that it fits into a message; less only costs calls. */
  have: 8_192,
  avoid: 2_048,
  /** Queries whose marks are kept, and for how long; twice the longest budget. */
  marks: 100_000,
  markMs: 120_000,
} as const;
