import type { Community } from '../community/community.js';
import type { RegistryStatus } from '../community/enrolment.js';
import { type RegisteredReplicas, Registration } from '../community/registration.js';
import { placeOf } from '../core/address.js';
import { systemClock } from '../core/clock.js';
import { isMootError } from '../core/errors.js';
import type { LogPlace } from '../core/log.js';
import type { SettingStore } from '../core/stores.js';
import { KeyRing } from '../identity/key-ring.js';
import type { Identity } from '../identity/keys.js';
import { oldKey } from '../identity/rotate-key.js';
import type { RegistryClient } from '../rpc/registry-client.js';
import { signServerEntry } from '../wire/convert-server-entry.js';
import type { Log } from './config.js';

export interface RegisteringParts {
  readonly community: Community;
  readonly identity: Identity;
  /** Where others find the server. */
  readonly addresses: () => readonly string[];
  /** Given where there may be other replicas. */
  readonly replicas: RegisteredReplicas | undefined;
  readonly registries: readonly RegistryClient[];
  readonly settings: SettingStore;
  /** A default name gives way when another key holds it. */
  readonly isDefaultName: boolean;
  readonly log: Log | undefined;
}

export interface Registered {
  /** How it stood after the first attempt. */
  note(): { readonly registered: boolean; readonly registryNote: string };
  /** How it stands now with each of them. */
  standing(): readonly RegistryStatus[];
  /** What others are told has changed. */
  changed(): void;
  stop(): Promise<void>;
}

/**
 * How long the log of a community was by its own word, as far as registries have heard; one that is away says nothing.
 * @throws MootError `denied` when it has signed that with a key that is newer than `identity`.
 */
export async function headsAt(
  registries: readonly RegistryClient[],
  { id, publicKey }: Identity,
): Promise<readonly LogPlace[]> {
  const answers = await Promise.allSettled(registries.map((registry) => registry.lookUp(id)));
  const listed = answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value) || []);
  const ring = new KeyRing();
  for (const { signed } of listed) ring.accepts(id, signed.publicKey);
  if (!ring.accepts(id, publicKey)) throw oldKey();
  return listed.flatMap(({ entry: { head } }) => (head?.origin === id ? [head] : []));
}

/** Lists a community at its registries and keeps it listed: renewed in time, and at once when its links change. */
export async function listAtRegistries(parts: RegisteringParts): Promise<Registered> {
  const { community, identity, addresses, replicas, registries, settings, isDefaultName, log } = parts;
  const registration = new Registration({
    clock: systemClock,
    settings,
    replicas,
    registries: registries.map((port) => ({ address: port.address, port })),
    describe: async () => {
      const { id, name, topics, articles, members, links, head, admission, peering, readable } =
        await community.describe();
      const said = { id, name, topics, articles, members, links, head, admission, peering, readable };
      return { ...said, addresses: addresses() };
    },
    sign: (entry) => signServerEntry(identity, entry),
    ...(isDefaultName ? { rename: async (name: string) => community.rename(name) } : {}),
    report: ({ address: at, state, reason }, error) => {
      const where = placeOf(at);
      const text = state === 'registered' ? `registered at ${where}` : `not registered at ${where}: ${reason}`;
      const hint = isMootError(error) && error.hint !== undefined ? `; try: ${error.hint}` : '';
      log?.({ level: state === 'registered' ? 'info' : 'warn', text: `${text}${hint}` });
    },
  });
  community.links.onChange(() => registration.changed());
  const first = await registration.start();
  return {
    note: () => {
      const missing = first.filter(({ state }) => state !== 'registered');
      const listed = first.filter(({ state }) => state === 'registered').map((status) => placeOf(status.address));
      const notes = [
        ...(listed.length > 0 ? [`registered at ${listed.join(', ')}`] : []),
        ...missing.map((status) => `not registered yet: registry ${placeOf(status.address)} ${standing(status)}`),
      ];
      return { registered: missing.length === 0, registryNote: notes.join('; ') };
    },
    standing: () => registration.status(),
    changed: () => registration.changed(),
    stop: () => registration.stop(),
  };
}

function standing({ state, reason }: { readonly state: string; readonly reason: string }): string {
  return state === 'away' ? 'is away' : `refused: ${reason}`;
}
