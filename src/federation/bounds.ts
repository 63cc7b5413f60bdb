/** Times and sizes of a search. Sources: DESIGN of the network ("The query"), unless a line says otherwise. */
export const bounds = {
  /** A server that waits says so this often. */
  progressMs: 250,
  /** A branch that sends nothing for so long, while it is pulled, is over. */
  silenceMs: 1000,
  /** Each hop stops exploring so much before the one that asked it, to send on what it has. */
  hopMs: 20,
  /** What is kept of the time of an answer to bring home what was explored. */
  graceMs: 100,
  /** Longer than anyone waits for a page; whatever a caller says. */
  budgetMs: 60_000,
  rounds: 4,
  /** Rows that one branch of one query may bring; a liar's stream ends here. */
  rows: 100_000,
  linksInRow: 10_000,
  /** What an Ask carries of these at most, so that it fits into a message; less only costs calls. */
  have: 4_096,
  avoid: 2_048,
  /** Queries whose marks are kept, and for how long: longer than any Ask may take. */
  marks: 100_000,
  markMs: 150_000,
} as const;

/** How long an Ask may take from when it is sent: exploring shrinks with each hop, what was found still has to come home. */
export function longestMs(request: { readonly budgetMs: number; readonly hop: number }): number {
  return request.budgetMs + bounds.graceMs + request.hop * bounds.hopMs;
}
