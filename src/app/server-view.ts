import type { AudienceView } from '../community/audience.js';
import type { Community } from '../community/community.js';
import type { PeerView } from '../community/links.js';
import type { CallerView, Peering } from '../community/peering.js';
import type { Entry } from '../core/entry.js';
import { decodeEntry } from '../core/entry-codec.js';
import type { Commit } from '../core/log.js';
import type { Store, StoreCounts } from '../core/stores.js';

/** A running server as its operator sees it, from inside. */
export interface ServerView {
  status(): Promise<AudienceView & { readonly articles: number; readonly members: number }>;
  peers(): readonly PeerView[];
  /** Who links here, would, or must not. */
  callers(): readonly CallerView[];
  topics(): Promise<StoreCounts['topics']>;
  /** Calls `listener` with each article that arrives, its own and its peers'. @returns takes it back. */
  onArticle(listener: (article: Entry) => void): () => void;
}

export function viewOf(community: Community, peering: Peering, store: Store): ServerView {
  return {
    status: async () => {
      const { articles } = await store.articles.counts();
      return { ...community.audience.view(), articles, members: community.membership.count };
    },
    peers: () => community.links.view(),
    callers: () => peering.view(),
    topics: async () => (await store.articles.counts()).topics,
    onArticle: (listener) =>
      store.logs.onCommit((commit) => {
        for (const article of articlesIn(commit)) listener(article);
      }),
  };
}

function articlesIn({ entries }: Commit): Entry[] {
  return entries.flatMap(({ bytes }) => (bytes ? [decodeEntry(bytes)] : [])).filter(({ kind }) => kind === 'article');
}
