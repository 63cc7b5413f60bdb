import type { Community } from '../community/community.js';
import { Registration } from '../community/registration.js';
import { systemClock } from '../core/clock.js';
import type { SettingStore } from '../core/stores.js';
import type { Identity } from '../identity/keys.js';
import type { RegistryClient } from '../rpc/registry-client.js';
import { signServerEntry } from '../wire/convert-server-entry.js';
import type { Log } from './config.js';

export interface RegisteringParts {
  readonly community: Community;
  readonly identity: Identity;
  /** Where others find the server. */
  readonly address: string;
  readonly registries: readonly RegistryClient[];
  readonly settings: SettingStore;
  /** A default name gives way when another key holds it. */
  readonly isDefaultName: boolean;
  readonly log: Log | undefined;
}

export interface Registered {
  /** How it stood after the first attempt. */
  note(): { readonly registered: boolean; readonly registryNote: string };
  stop(): Promise<void>;
}

/** Lists a community at its registries and keeps it listed: renewed in time, and at once when its links change. */
export async function listAtRegistries(parts: RegisteringParts): Promise<Registered> {
  const { community, identity, address, registries, settings, isDefaultName, log } = parts;
  const registration = new Registration({
    clock: systemClock,
    settings,
    registries: registries.map((port) => ({ address: port.address, port })),
    describe: async () => {
      const { id, name, topics, articles, members, links, head, admission, peering, readable } =
        await community.describe();
      return { id, name, addresses: [address], topics, articles, members, links, head, admission, peering, readable };
    },
    sign: (entry) => signServerEntry(identity, entry),
    ...(isDefaultName ? { rename: async (name: string) => community.rename(name) } : {}),
    report: ({ address: at, state, reason }) => {
      const text = state === 'registered' ? `registered at ${at}` : `not registered at ${at}: ${reason}`;
      log?.({ level: state === 'registered' ? 'info' : 'warn', text });
    },
  });
  community.links.onChange(() => registration.changed());
  const first = await registration.start();
  return {
    note: () => {
      const missing = first.filter(({ state }) => state !== 'registered');
      const listed = first.filter(({ state }) => state === 'registered').map((status) => status.address);
      const notes = [
        ...(listed.length > 0 ? [`registered at ${listed.join(', ')}`] : []),
        ...missing.map((status) => `not registered yet: registry ${status.address} ${standing(status)}`),
      ];
      return { registered: missing.length === 0, registryNote: notes.join('; ') };
    },
    stop: () => registration.stop(),
  };
}

function standing({ state, reason }: { readonly state: string; readonly reason: string }): string {
  return state === 'away' ? 'is away' : `refused: ${reason}`;
}
