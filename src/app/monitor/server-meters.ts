import { statfs } from 'node:fs/promises';
import type { Community } from '../../community/community.js';
import type { PeerState } from '../../community/links.js';
import type { Observer } from '../../community/observer.js';
import { placeOf } from '../../core/address.js';
import type { Clock } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import type { Appended, Store } from '../../core/stores.js';
import type { BreakerState } from '../../federation/breaker.js';
import type { Breakers } from '../../federation/breakers.js';
import type { Mirrors } from '../../federation/mirrors/mirrors.js';
import { highest, type Meters, mostLabelled, type Sample, tally } from './meters.js';

export interface ServerParts {
  readonly community: Community;
  readonly store: Store;
  readonly mirrors: Mirrors;
  readonly breakers: Breakers;
  readonly loopDelayMs: () => number;
  /** The data folder. */
  readonly dir: string;
}

/** Where it stands with each registry. */
export type Standing = () => readonly { readonly address: string; readonly state: string }[];

const rule = `of the ${mostLabelled} with the highest values`;
const seconds = (ms: number): number => ms / 1000;
const queryBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const commitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const linkStates: readonly PeerState[] = ['up', 'down', 'waiting', 'silenced', 'denied', 'unknown'];
const breakerStates: readonly BreakerState[] = ['closed', 'open', 'probing'];

/** Counts what a community does, as it is told. */
export function observerOf(meters: Meters, clock: Clock): Observer {
  const queries = meters.counter('queries', 'Questions of members and readers, by how they ended', ['outcome']);
  const rows = meters.counter('query_rows', 'Servers in the reports of queries, by what became of them', ['outcome']);
  const took = meters.histogram('query_duration_seconds', 'How long a query took, to its report', queryBuckets);
  const drafts = meters.counter('drafts', 'Drafts that were handed to the log, by what became of them', ['outcome']);
  const commit = meters.histogram(
    'commit_duration_seconds',
    'How long drafts waited for the disk, from being handed to the log to their acknowledgement',
    commitBuckets,
  );
  let waiting = 0;
  meters.gauge('write_queue_articles', 'Drafts that wait for the disk', () => waiting);
  return {
    queried: ({ outcome, tookMs, rows: of }) => {
      queries.inc({ outcome });
      for (const row of of) rows.inc({ outcome: row });
      if (outcome === 'complete' || outcome === 'partial') took.observe(seconds(tookMs));
    },
    appending: (count) => {
      const beganMs = clock.monotonic();
      waiting += count;
      return (results) => {
        waiting -= count;
        if (results) commit.observe(seconds(clock.monotonic() - beganMs));
        if (results) for (const result of results) drafts.inc({ outcome: outcomeOf(result) });
        else drafts.inc({ outcome: 'lost' }, count);
      };
    },
  };
}

function outcomeOf(appended: Appended): 'published' | 'duplicate' | 'held' | 'refused' | 'quota' {
  if ('refused' in appended) return typeof appended.refused === 'string' ? 'refused' : 'quota';
  const { duplicate, held } = appended.published;
  if (duplicate) return 'duplicate';
  return held ? 'held' : 'published';
}

/** What a community is and has, read when it is asked for. */
export function meterServer(meters: Meters, parts: ServerParts): void {
  const { community, store, loopDelayMs, dir } = parts;
  meters.samples('community_info', 'The community that runs here', ['id', 'name'], () => [
    { labels: { id: community.id, name: community.name }, value: 1 },
  ]);
  meters.gauge('articles', 'Articles of the own log', async () => (await store.articles.counts()).articles);
  meters.gauge('members', 'Members', () => community.membership.count);
  meters.gauge('log_epoch', 'The epoch of the own log', async () => (await store.articles.end()).epoch);
  meters.gauge('log_entries', 'The last sequence number of the own log', async () => (await store.articles.end()).seq);
  meters.gauge('subscribers', 'Open subscriptions', () => community.audience.view().subscribers.length);
  meters.gauge(
    'feed_rooms',
    'Rooms in which subscriptions with the same filter share what comes',
    () => community.feed.rooms,
  );
  meters.gauge('event_loop_delay_seconds', 'By how much the event loop is behind: the median of a second or two', () =>
    seconds(loopDelayMs()),
  );
  meters.gauge('disk_free_bytes', 'What is free on the disk of the data folder', async () => {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  });
  meterLinks(meters, parts);
  meterLogs(meters, parts);
}

function meterLinks(meters: Meters, { community, mirrors, breakers }: ServerParts): void {
  const { links } = community;
  meters.samples('links', 'Links of this community, by how they stand', ['state'], () =>
    tally(
      'state',
      linkStates,
      links.view().map(({ state }) => state),
    ),
  );
  meters.samples(
    'breakers',
    'Breakers of peers, by state: an open one spares queries a peer that is away',
    ['state'],
    () => tally('state', breakerStates, breakers.states()),
  );
  meters.samples('feed_lag_seconds', `By how much the mirror of a peer is behind its log, ${rule}`, ['peer'], () =>
    highest(sampled('peer', links.all(), (peer) => mirrors.lagMs(peer))),
  );
  meters.gauge(
    'links_not_fed',
    'Links whose articles are not arriving, or not all of them',
    () => mirrors.notFed().length,
  );
}

function meterLogs(meters: Meters, { community, store, mirrors }: ServerParts): void {
  const { logs } = store;
  const states = async () => (await logs.states()).filter(({ origin }) => origin !== community.id);
  meters.gauge('mirrors', 'Logs of other communities that are kept here', async () => (await states()).length);
  meters.samples('mirrored_entries', `Entries that are kept of another log, ${rule}`, ['origin'], async () =>
    highest((await states()).map(({ origin, entries }) => ({ labels: { origin }, value: entries }))),
  );
  meters.samples(
    'mirror_age_seconds',
    `How long ago an origin last said how long its log is, ${rule}`,
    ['origin'],
    async () =>
      highest(
        sampled(
          'origin',
          (await states()).map(({ origin }) => origin),
          (origin) => mirrors.ageMs(origin),
        ),
      ),
  );
  const commits = meters.counter('commits', 'Sealed commits that were written: of the own log, or mirrored', ['log']);
  const entries = meters.counter('entries', 'Entries in them', ['log']);
  const gaps = meters.counter('gaps', 'Parts of mirrors that could be had nowhere');
  // From the start, so that a rate can be told from the first one on.
  for (const log of ['own', 'mirrored']) for (const counter of [commits, entries]) counter.inc({ log }, 0);
  logs.onCommit(({ seal }) => {
    const log = seal.origin === community.id ? 'own' : 'mirrored';
    commits.inc({ log });
    entries.inc({ log }, seal.size);
  });
  logs.onGap(() => gaps.inc());
}

function sampled(label: string, ids: readonly OriginId[], ms: (id: OriginId) => number | undefined): readonly Sample[] {
  return ids.flatMap((id) => {
    const value = ms(id);
    return value === undefined ? [] : [{ labels: { [label]: id }, value: seconds(value) }];
  });
}

/** Whether the registries list this server. They are those it was given. */
export function meterRegistration(meters: Meters, standing: Standing): void {
  meters.samples('registered', 'Whether a registry lists this server: 1 or 0', ['registry'], () =>
    standing().map(({ address, state }) => ({
      labels: { registry: placeOf(address) },
      value: state === 'registered' ? 1 : 0,
    })),
  );
}
