import { createIdentity } from '../../src/identity/keys.js';
import { RegistryClient } from '../../src/rpc/registry-client.js';
import { signServerEntry } from '../../src/wire/convert-server-entry.js';
import { serverEntry } from './server-entries.js';

/** Lists `count` servers at a registry that nobody runs: `Listed000` and so on, until their lease ends; each links to so many of those before it. */
export async function listServers(registry: string, count: number, links = 0): Promise<void> {
  const identities = Array.from({ length: count }, createIdentity);
  const client = new RegistryClient(registry);
  const register = (at: number): Promise<unknown> => {
    const identity = identities[at] ?? createIdentity();
    // Powers of two back: a few steps lead anywhere.
    const peers = Array.from({ length: links }, (_, n) => identities[at - 2 ** (2 * n)]?.id ?? '');
    const name = `Listed${String(at).padStart(3, '0')}`;
    const entry = serverEntry({
      id: identity.id,
      name,
      addresses: ['localhost:1'],
      topics: [`topic-${at}`],
      articles: (at * 37) % 900,
      links: peers.filter((id) => id !== ''),
    });
    return client.register(signServerEntry(identity, entry), AbortSignal.timeout(5000));
  };
  // Some at a time, so that a busy machine answers each of them in time.
  for (let from = 0; from < count; from += 50)
    await Promise.all(Array.from({ length: Math.min(50, count - from) }, (_, at) => register(from + at)));
  client.close();
}
