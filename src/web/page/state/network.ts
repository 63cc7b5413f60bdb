import { computed, signal } from '@preact/signals';
import type { Network, NetworkServer } from '../../api.js';
import { followStream, type StreamState } from '../../reading/follow-stream.js';
import { everywhere } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { pause } from './waiting.js';

/** The network as it was last seen; null until it was. */
export const network = signal<Network | null>(null);
export const networkStream = signal<StreamState>({ kind: 'connecting' });

/** Changes when a community or a link comes or goes, and not with each number that changes. */
export const presence = computed(() => {
  const { servers, links } = network.value ?? { servers: [], links: [] };
  const there = servers.map(({ id, state }) => `${id} ${state}`);
  return [...there, ...links.map(({ from, to }) => `${from} ${to}`)].sort().join('\n');
});

/** Those that can be read from, joined or looked after: a link alone is not enough. By name. */
export const communities = computed(() => {
  const known = (network.value?.servers ?? []).filter(({ name, address }) => name !== null && address !== null);
  return [...known].sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
});

export function startNetwork(): void {
  const follow = followStream(
    {
      address: './api/network/live',
      onEvent: ({ type, data }) => {
        if (type === 'network') network.value = JSON.parse(data) as Network;
      },
      onState: (state) => {
        networkStream.value = state;
      },
      pause,
    },
    new AbortController().signal,
  );
  void follow;
}

/** The community of a place: by its id, or by its name where that is all there is. */
export function communityOf(handle: string): NetworkServer | undefined {
  const folded = handle.toLowerCase();
  const servers = network.value?.servers ?? [];
  return servers.find(({ id }) => id === folded) ?? servers.find(({ name }) => name?.toLowerCase() === folded);
}

/** How an address names a community: as people do where no other has the name. */
export function handleOf({ id, name }: { readonly id: string; readonly name: string | null }): string {
  const folded = name?.toLowerCase();
  if (folded === undefined || folded === '' || folded === everywhere) return id;
  const namesakes = (network.value?.servers ?? []).filter((server) => server.name?.toLowerCase() === folded);
  return namesakes.length > 1 ? id : folded;
}
