import type { Database } from 'better-sqlite3';

export interface CountedTopic {
  readonly number: number;
  readonly articles: number;
}

/** Which topics in use a filter covers. */
export class TopicScope {
  private readonly covered;

  constructor(database: Database) {
    // '.' is followed by '/' in ASCII, so what lies between is what begins with the topic and a dot.
    this.covered = database.prepare<[string, string, string, number], CountedTopic>(
      `SELECT number, articles FROM topics JOIN topic_counts ON topic = number
       WHERE (name = ? OR (name >= ? || '.' AND name < ? || '/')) AND origin = ?`,
    );
  }

  /** Each once. */
  expand(origin: number, topics: readonly string[]): CountedTopic[] {
    const found = new Map<number, CountedTopic>();
    for (const topic of topics)
      for (const covered of this.covered.all(topic, topic, topic, origin)) found.set(covered.number, covered);
    return [...found.values()];
  }
}
