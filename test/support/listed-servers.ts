import { createIdentity } from '../../src/identity/keys.js';
import { RegistryClient } from '../../src/rpc/registry-client.js';
import { signServerEntry } from '../../src/wire/convert-server-entry.js';
import { serverEntry } from './server-entries.js';

/** Lists `count` servers at a registry that nobody runs: `Listed000` and so on, until their lease ends. */
export async function listServers(registry: string, count: number): Promise<void> {
  const client = new RegistryClient(registry);
  const register = (at: number): Promise<unknown> => {
    const identity = createIdentity();
    const name = `Listed${String(at).padStart(3, '0')}`;
    const entry = serverEntry({ id: identity.id, name, addresses: ['localhost:1'], topics: [`topic-${at}`] });
    return client.register(signServerEntry(identity, entry), AbortSignal.timeout(5000));
  };
  await Promise.all(Array.from({ length: count }, (_, at) => register(at)));
  client.close();
}
