import { connect, isMootError, type Moot, type ServerInfo } from '../../client/index.js';
import type { Settings } from '../settings.js';
import type { Check } from './check.js';

/** Each registry, then each server that is listed there: whether it answers, and as itself. */
export async function* checkNetwork(settings: Settings): AsyncGenerator<Check> {
  const { home, timeoutMs, insecure } = settings;
  const seen = new Map<string, ServerInfo>();
  for (const registry of settings.registries) {
    await using moot = await connect({ registry, home, timeoutMs, insecure });
    const began = performance.now();
    try {
      const servers = await moot.servers();
      for (const server of servers) seen.set(server.id, server);
      const detail = `${registry} lists ${servers.length}, in ${Math.round(performance.now() - began)} ms`;
      yield { check: 'registry', status: 'ok', detail };
    } catch (error) {
      yield failed('registry', error);
    }
  }
  await using moot = await connect({ registry: settings.registries, home, timeoutMs, insecure });
  yield* await Promise.all([...seen.values()].map((server) => checkServer(moot, server)));
}

async function checkServer(moot: Moot, { name, address, id }: ServerInfo): Promise<Check> {
  try {
    const found = await moot.find(address);
    if (found.id === id) return { check: 'server', status: 'ok', detail: `${name} at ${address}` };
    const detail = `at ${address} is ${found.name} now, not ${name}`;
    return { check: 'server', status: 'FAIL', detail, hint: 'moot servers, when the lease of the old one has ended' };
  } catch (error) {
    return { ...failed('server', error), status: 'warning', detail: `${name} at ${address} does not answer` };
  }
}

function failed(check: string, error: unknown): Check {
  if (!isMootError(error)) throw error;
  return { check, status: 'FAIL', detail: error.message, hint: error.hint };
}
