import { readAuthority } from '../authority.js';
import type { Settings } from '../settings.js';
import { checkDoor } from './certificate.js';
import type { Check } from './check.js';
import { checkLinks } from './links.js';
import { checkMemberships } from './memberships.js';
import { allListed, checkRegistries } from './registries.js';
import { checkServers } from './servers.js';

/** The registries, the servers that are listed there, the clocks, then memberships, and links of what is run or joined from here. */
export async function* checkNetwork(settings: Settings): AsyncGenerator<Check> {
  const { connect } = await import('../../client/index.js');
  const { registries: registry, home, timeoutMs, insecure } = settings;
  const ca = await readAuthority(settings.tlsCaFile);
  const options = { registry, timeoutMs, insecure, tls: ca === undefined ? undefined : { ca } };
  await using stranger = await connect(options);
  const registries = await stranger.registries();
  yield* checkRegistries(registries);
  for (const { address, refused } of registries)
    if (ca === undefined && !refused) yield* checkDoor('the registry', address, timeoutMs, Date.now);
  const listed = allListed(registries);
  yield* checkServers(stranger, listed.values(), timeoutMs, Date.now);
  await using member = await connect({ ...options, home });
  yield* await checkMemberships(member, listed);
  yield* checkLinks(member, listed.values());
}
