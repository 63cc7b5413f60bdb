import { type ArticleFilter, anyArticle } from '../../src/core/filter.js';
import { type Commit, type LogItem, type LogPlace, logStart } from '../../src/core/log.js';
import type { Published, Store } from '../../src/core/stores.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { draft, submission } from './drafts.js';
import { WrittenLog } from './written-log.js';

const clock = { now: () => 1010, monotonic: () => 0, after: () => () => undefined };

/** A log in few words: `1-3` for a commit, `(4-5 why)` for a gap. */
export function spelled(items: readonly LogItem[]): string {
  const words = items.map((item) => {
    if (item.kind === 'gap') return `(${item.gap.fromSeq}-${item.gap.toSeq} ${item.gap.reason})`;
    const { firstSeq, size } = item.commit.seal;
    return `${firstSeq}-${firstSeq + size - 1}`;
  });
  return words.join(' ');
}

/** An open store, the log of somebody else, and the peer that brings it. */
export class OpenLogs {
  static readonly identity = createIdentity();
  static readonly via = createIdentity().id;
  readonly log = new WrittenLog();

  private constructor(readonly store: Store) {}

  static async open(url: string): Promise<OpenLogs> {
    return new OpenLogs(await openStore(url, { identity: OpenLogs.identity, clock }));
  }

  async take(...commits: Commit[]): Promise<void> {
    await this.store.logs.take(commits.map((commit) => ({ commit, via: OpenLogs.via })));
  }

  async read(
    after: LogPlace = logStart,
    maxBytes = Number.POSITIVE_INFINITY,
    origin = this.log.origin,
  ): Promise<string> {
    return spelled(await this.store.logs.read(origin, after, maxBytes));
  }

  async bodies(origin = this.log.origin, text?: string, more: Partial<ArticleFilter> = {}): Promise<string[]> {
    const filter = { ...anyArticle, text, ...more };
    const request = { filter, origin, before: undefined, limit: 500, notAfterMs: 1e15 };
    const { keys } = await this.store.articles.find(request);
    return (await this.store.articles.load(keys)).map(({ entry }) => entry.body);
  }

  async publish(body: string, key = ''): Promise<Published> {
    const [result] = await this.store.articles.append([submission(draft(body), key)]);
    if (!result || 'refused' in result) throw new Error('it was refused');
    return result.published;
  }

  async takeBack(id: string, onlyOf?: string): Promise<Published> {
    return await this.store.articles.retract({ id, memberId: 'm1', memberName: 'Ada', reason: 'not so', onlyOf });
  }
}
